// SPDX-License-Identifier: Apache-2.0

extension CharacterMap {
  /// Whether a rule looks beyond a space: its source holds U+0020 and something else.
  ///
  /// Where none does, what stands between spaces can be normalised by itself. Each state of the trie is visited once,
  /// however many sources go through it.
  var reachesAcrossSpaces: Bool {
    trie.units.withUnsafeBufferPointer { units in
      guard !units.isEmpty else { return false }
      var isKnown = [Bool](repeating: false, count: units.count + 256)
      var open = [trie.root]
      while let state = open.popLast() {
        for byte in UInt8(1)...255 {
          var next = state
          guard DoubleArray.step(units, &next, byte) != nil else { continue }
          if byte == 0x20, state.position != trie.root.position || Self.goesOn(units, next) {
            return true
          }
          guard next.position < isKnown.count, !isKnown[next.position] else { continue }
          isKnown[next.position] = true
          open.append(next)
        }
      }
      return false
    }
  }

  private static func goesOn(
    _ units: UnsafeBufferPointer<UInt32>, _ state: DoubleArray.State
  ) -> Bool {
    (UInt8(1)...255).contains { byte in
      var next = state
      return DoubleArray.step(units, &next, byte) != nil
    }
  }
}
