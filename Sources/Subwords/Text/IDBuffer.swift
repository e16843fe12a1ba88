// SPDX-License-Identifier: Apache-2.0

/// Ids that grow at the end and are used again for the next text.
///
/// `@unchecked Sendable` for the same reason as ``WordCache``: one thread uses it at a time.
final class IDBuffer: @unchecked Sendable {
  private var memory = UnsafeMutablePointer<Int32>.allocate(capacity: 1 << 8)
  private var capacity = 1 << 8
  private(set) var count = 0

  deinit { memory.deallocate() }

  /// The ids; valid until the next change.
  var ids: UnsafeBufferPointer<Int32> { UnsafeBufferPointer(start: memory, count: count) }

  /// Empties it; memory beyond four megabytes is given back.
  func removeAll() {
    count = 0
    guard capacity > 1 << 20 else { return }
    memory.deallocate()
    capacity = 1 << 8
    memory = .allocate(capacity: capacity)
  }

  func removeLast(_ number: Int) { count -= number }

  private func grow(_ number: Int) {
    let size = max(capacity * 2, count + number)
    let larger = UnsafeMutablePointer<Int32>.allocate(capacity: size)
    larger.update(from: memory, count: count)
    memory.deallocate()
    memory = larger
    capacity = size
  }

  @inline(__always)
  func append(_ id: Int32) {
    if count == capacity { grow(1) }
    memory[count] = id
    count &+= 1
  }

  @inline(__always)
  func append(_ more: UnsafeBufferPointer<Int32>) {
    if count &+ more.count > capacity { grow(more.count) }
    let target = memory + count
    for index in 0..<more.count { target[index] = more[index] }
    count &+= more.count
  }

  /// Makes other ids of those from a place on.
  func map(from start: Int, _ change: (Int32) -> Int32) {
    for index in start..<count { memory[index] = change(memory[index]) }
  }
}
