// SPDX-License-Identifier: Apache-2.0

extension CharacterMap {
  /// Whether the source of a rule holds U+0020.
  ///
  /// Where none does, what stands between spaces can be normalised by itself. Only where a look at the units by
  /// themselves leaves it open are the states of the trie visited, each once, however many sources go through it.
  var readsSpaces: Bool {
    seemsToReadSpaces && reachesSpace
  }

  /// Whether a unit with that label is, or seems to be, the child of another; one that nobody uses may seem so.
  private var seemsToReadSpaces: Bool {
    let units = trie.units
    var isBase = [Bool](repeating: false, count: units.count + 256)
    for index in 0..<units.count where units[index] & (1 << 31) == 0 {
      let base = DoubleArray.children(of: index, units[index])
      if base < isBase.count { isBase[base] = true }
    }
    return (0..<units.count).contains { index in
      units[index] & (1 << 31 | 0xFF) == 0x20 && isBase[index ^ 0x20]
    }
  }

  private var reachesSpace: Bool {
    trie.units.withUnsafeBufferPointer { units in
      guard !units.isEmpty else { return false }
      var isKnown = [Bool](repeating: false, count: units.count + 256)
      var open = [trie.root]
      while let state = open.popLast() {
        for byte in UInt8(1)...255 {
          var next = state
          guard DoubleArray.step(units, &next, byte) != nil else { continue }
          // No longer encoding of a scalar has this byte in it.
          if byte == 0x20 { return true }
          guard next.position < isKnown.count, !isKnown[next.position] else { continue }
          isKnown[next.position] = true
          open.append(next)
        }
      }
      return false
    }
  }
}
