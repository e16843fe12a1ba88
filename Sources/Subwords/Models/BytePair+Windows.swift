// SPDX-License-Identifier: Apache-2.0

extension BytePair {
  /// Marks a candidate as the moment from which on the last symbol is uncertain.
  private static let uncertain: Int32 = -3

  /// Merges symbols of which the last is followed by more text, and returns how many (counted in
  /// first symbols) are certain to end as they now stand, whatever follows.
  ///
  /// Merging is decided by rank, so what follows can only reach the last symbol at the moment when
  /// the best pair of it and something beyond would be the next to go. Until then all is
  /// decided on this side; from then on that symbol belongs to the other side, and the one before it
  /// is the last.
  func mergeOpen(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, beyond: Int, _ scratch: inout Scratch
  ) -> Int {
    queueAll(&scratch)
    var last = scratch.symbols.count - 1
    var end = scratch.symbols.count
    var reach = symbolsBeyond(bytes, range, at: beyond)
    queueUncertainty(last, reach, &scratch)
    while let candidate = scratch.heap.pop() {
      let position = Int(candidate.position)
      guard candidate.symbol == Self.uncertain else {
        if take(candidate, &scratch), scratch.symbols[position].next < 0 {
          last = position
          queueUncertainty(last, reach, &scratch)
        }
        continue
      }
      guard position == last, scratch.symbols[position].id == candidate.left else { continue }
      end = position
      scratch.symbols[position].id = BytePairAlphabet.unknown
      let before = scratch.symbols[position].previous
      guard before >= 0 else { return 0 }
      last = Int(before)
      scratch.symbols[last].next = -1
      reach = symbolsBeyond(bytes, range, at: Int(scratch.symbols[position].start))
      queueUncertainty(last, reach, &scratch)
    }
    // With nothing uncertain the last symbol is still kept back, so that there is one to go on from.
    return end == scratch.symbols.count ? last : end
  }

  /// All symbols that may begin at `offset` from the start of the range.
  private func symbolsBeyond(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, at offset: Int
  ) -> [Int32] {
    let start = range.lowerBound + offset
    guard start < range.upperBound else { return [] }
    let (scalar, _) = UTF8Scalar.decode(bytes, at: start)
    var found = [alphabet.symbol(scalar, place: 0)]
    if found[0] < 0 { found = [unknownID, parts.byteIDs[Int(bytes[start])]].compactMap(\.self) }
    vocabulary.lookup.trie.units.withUnsafeBufferPointer { units in
      var state = vocabulary.lookup.trie.root
      var index = start
      while index < range.upperBound, let id = DoubleArray.step(units, &state, bytes[index]) {
        index += 1
        if id >= 0 { found.append(id) }
      }
    }
    return found
  }

  private func queueUncertainty(_ last: Int, _ beyond: [Int32], _ scratch: inout Scratch) {
    let id = scratch.symbols[last].id
    guard let rank = beyond.compactMap({ table.result(id, $0)?.rank }).min() else { return }
    scratch.heap.push(
      Candidate(
        rank: rank, position: Int32(last), left: id, right: 0, symbol: Self.uncertain))
  }
}
