// SPDX-License-Identifier: Apache-2.0

/// Where a walk through a trie of pieces stands after its first scalar, so that walks need not begin at
/// the root. Covers the basic plane.
struct ScalarStarts: Sendable {
  struct Start: BitwiseCopyable, Sendable {
    /// The node behind the scalar; negative where no piece begins with it.
    var node: Int32
    /// The piece that is just the scalar, or -1.
    var id: Int32
  }

  let table: FixedArray<Start>

  /// Makes the table of a trie that was built here.
  init(_ trie: DoubleArray) {
    guard let units = trie.units.elements.baseAddress, trie.units.count > 0 else {
      table = FixedArray(repeatElement(Start(node: -1, id: -1), count: 0x10000))
      return
    }
    var starts = [Start]()
    starts.reserveCapacity(0x10000)
    for code in UInt32(0)..<0x10000 {
      var start = Start(node: -1, id: -1)
      if let scalar = Unicode.Scalar(code), code > 0 {
        var node = trie.root.position
        var value: Int32 = -1
        let isThere = UTF8.encode(scalar)?.allSatisfy {
          DoubleArray.stepInside(units, &node, $0, &value)
        }
        if isThere == true { start = Start(node: Int32(node), id: value) }
      }
      starts.append(start)
    }
    table = FixedArray(starts)
  }
}
