// SPDX-License-Identifier: Apache-2.0

/// Immutable memory that hot loops read through a plain pointer, without reference counting.
///
/// Readers must keep their indices inside `0..<count`; debug builds check it.
final class FixedArray<Element: BitwiseCopyable & Sendable>: Sendable {
  // Written once, before the object is shared, and freed with it.
  private nonisolated(unsafe) let memory: UnsafeMutableBufferPointer<Element>

  init(_ elements: some Collection<Element>) {
    memory = .allocate(capacity: elements.count)
    _ = memory.initialize(from: elements)
  }

  deinit { memory.deallocate() }

  var count: Int { memory.count }

  /// The elements; valid as long as the object lives.
  @inline(__always)
  var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(memory) }

  /// Lends the elements, with the object kept alive.
  @inline(__always)
  func withUnsafeBufferPointer<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result {
    try withExtendedLifetime(self) { try body(elements) }
  }

  @inline(__always)
  subscript(index: Int) -> Element { memory[index] }
}

extension FixedArray: Equatable where Element: Equatable {
  static func == (left: FixedArray, right: FixedArray) -> Bool {
    left.elements.elementsEqual(right.elements)
  }
}
