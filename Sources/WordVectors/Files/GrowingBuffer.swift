// SPDX-License-Identifier: Apache-2.0

/// A list that is filled and emptied for each line of text and keeps its place in memory.
///
/// It is what an array is, less the checks of an array that nobody shares: the innermost loops append to
/// it. One thread at a time may use it.
final class GrowingBuffer<Element: BitwiseCopyable> {
  private(set) var start: UnsafeMutablePointer<Element>
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 256) {
    self.capacity = max(capacity, 1)
    start = .allocate(capacity: self.capacity)
  }

  deinit { start.deallocate() }

  var elements: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: start, count: count)
  }

  @inline(__always) func append(_ element: Element) {
    if count == capacity { grow(to: count + 1) }
    start[count] = element
    count += 1
  }

  @inline(__always) func popLast() -> Element? {
    guard count > 0 else { return nil }
    count -= 1
    return start[count]
  }

  @inline(__always) func append(contentsOf elements: UnsafeBufferPointer<Element>) {
    guard let source = elements.baseAddress else { return }
    if count + elements.count > capacity { grow(to: count + elements.count) }
    (start + count).update(from: source, count: elements.count)
    count += elements.count
  }

  @inline(__always) func removeAll() { count = 0 }

  /// Gives the memory back.
  func free() {
    start.deallocate()
    (count, capacity) = (0, 1)
    start = .allocate(capacity: 1)
  }

  private func grow(to least: Int) {
    capacity = max(capacity * 2, least)
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    larger.update(from: start, count: count)
    start.deallocate()
    start = larger
  }
}
