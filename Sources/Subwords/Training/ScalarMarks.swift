// SPDX-License-Identifier: Apache-2.0

/// A set of scalars that is asked once for each scalar of a text: a byte for each.
struct ScalarMarks {
  private var marks = [Bool](repeating: false, count: 0x11_0000)

  init(_ scalars: Set<Unicode.Scalar>) {
    for scalar in scalars { marks[Int(scalar.value)] = true }
  }

  /// Whether a scalar is in the set.
  @inline(__always)
  func hold(_ value: UInt32) -> Bool { marks[Int(value)] }

  /// Whether all scalars of valid UTF-8 before `end` are in the set.
  @inline(__always)
  func holdAll(_ text: UnsafeBufferPointer<UInt8>, upTo end: Int) -> Bool {
    var index = 0
    while index < end {
      let (value, length) = UTF8Scalar.decode(text, at: index)
      if !marks[Int(value)] { return false }
      index &+= length
    }
    return true
  }
}
