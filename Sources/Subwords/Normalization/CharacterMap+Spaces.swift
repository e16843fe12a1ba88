// SPDX-License-Identifier: Apache-2.0

extension CharacterMap {
  /// Whether the source of a rule holds U+0020.
  ///
  /// Where none does, what stands between spaces can be normalised by itself. Each state of the trie is visited once,
  /// however many sources go through it.
  var readsSpaces: Bool {
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
