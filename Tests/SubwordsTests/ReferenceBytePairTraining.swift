// SPDX-License-Identifier: Apache-2.0

@testable import Subwords

/// Byte-pair training in the plainest way: all pairs are counted anew before each merge.
struct ReferenceBytePairTraining {
  struct Pair: Hashable {
    var left: [UInt8]
    var right: [UInt8]
  }

  private var stretches: [(symbols: [[UInt8]], count: Int64)] = []
  private var lengths: [[UInt8]: Int] = [:]
  private let settings: BytePairTrainer.Settings

  init(_ table: WordTable, _ alphabet: [Unicode.Scalar], _ settings: BytePairTrainer.Settings) {
    self.settings = settings
    for letter in alphabet { lengths[Array(String(letter).utf8)] = 1 }
    for index in 0..<table.count {
      let scalars = Array(String(decoding: table[index], as: UTF8.self).unicodeScalars)
      var symbols = [[UInt8]]()
      for (place, scalar) in scalars.enumerated() {
        guard alphabet.contains(scalar) else {
          stretches.append((symbols, table.counts[index]))
          symbols = []
          continue
        }
        let before = place > 0 ? settings.continuingPrefix ?? "" : ""
        let after = place == scalars.count - 1 ? settings.endOfWordSuffix ?? "" : ""
        let symbol = Array((before + String(scalar) + after).utf8)
        lengths[symbol] = 1
        symbols.append(symbol)
      }
      stretches.append((symbols, table.counts[index]))
    }
  }

  func merges() -> [(left: [UInt8], right: [UInt8], count: Int64)] {
    var state = self
    var merges = [(left: [UInt8], right: [UInt8], count: Int64)]()
    var ranks: [Pair: Int] = [:]
    while state.lengths.count < settings.vocabularySize {
      var counts: [Pair: Int64] = [:]
      for (symbols, count) in state.stretches {
        for (left, right) in zip(symbols, symbols.dropFirst()) {
          counts[Pair(left: left, right: right), default: 0] += count
        }
      }
      let lengths = state.lengths
      let best = counts.filter {
        $0.value >= settings.minimumPairCount
          && (lengths[$0.key.left] ?? 0) + (lengths[$0.key.right] ?? 0)
            <= settings.maximumPieceLength
      }.min {
        if $0.value != $1.value { return $0.value > $1.value }
        if $0.key.left != $1.key.left {
          return $0.key.left.lexicographicallyPrecedes($1.key.left)
        }
        return $0.key.right.lexicographicallyPrecedes($1.key.right)
      }
      guard let best else { break }
      let pair = best.key
      merges.append((pair.left, pair.right, best.value))
      if lengths[state.joined(pair)] == nil {
        state.lengths[state.joined(pair)] = (lengths[pair.left] ?? 0) + (lengths[pair.right] ?? 0)
      }
      if ranks[pair] == nil { ranks[pair] = merges.count }
      state.encode(ranks)
    }
    return merges
  }

  private func joined(_ pair: Pair) -> [UInt8] {
    pair.left + pair.right.dropFirst(settings.continuingPrefix?.utf8.count ?? 0)
  }

  /// Applies all merges so far, the first one first, until none applies: what an encoder does.
  private mutating func encode(_ ranks: [Pair: Int]) {
    for index in stretches.indices {
      var symbols = stretches[index].symbols
      while let rank = zip(symbols, symbols.dropFirst())
        .compactMap({ ranks[Pair(left: $0, right: $1)] }).min()
      {
        var place = 0
        while place + 1 < symbols.count {
          let pair = Pair(left: symbols[place], right: symbols[place + 1])
          if ranks[pair] == rank {
            symbols.replaceSubrange(place...place + 1, with: [joined(pair)])
          }
          place += 1
        }
      }
      stretches[index].symbols = symbols
    }
  }
}
