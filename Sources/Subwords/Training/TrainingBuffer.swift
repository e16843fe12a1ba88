// SPDX-License-Identifier: Apache-2.0

/// A growing array in memory of its own, for the hot loops of trainers: read and written through a plain pointer,
/// freed with its owner.
struct TrainingBuffer<Element: BitwiseCopyable>: ~Copyable {
  /// The elements; moves when the buffer grows.
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 16) {
    self.capacity = max(capacity, 1)
    base = .allocate(capacity: self.capacity)
  }

  init(repeating element: Element, count: Int) {
    self.init(capacity: count)
    base.initialize(repeating: element, count: count)
    self.count = count
  }

  deinit { base.deallocate() }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow() }
    (base + count).initialize(to: element)
    count += 1
  }

  mutating func removeAll() { count = 0 }

  mutating func removeLast() -> Element? {
    guard count > 0 else { return nil }
    count -= 1
    return base[count]
  }

  /// The elements, as long as the buffer neither grows nor dies.
  var elements: UnsafeMutableBufferPointer<Element> { .init(start: base, count: count) }

  private mutating func grow() {
    capacity += capacity / 2 + 16
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    larger.moveInitialize(from: base, count: count)
    base.deallocate()
    base = larger
  }
}
