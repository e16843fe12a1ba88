// SPDX-License-Identifier: Apache-2.0

/// Cuts words into the symbols that byte-pair training begins with, and counts them.
struct BytePairAlphabetCounter: ~Copyable {
  /// The places of a text in training, and how often each symbol stands there.
  struct Symbols: ~Copyable {
    private var buffer: TrainingBuffer<MergeText.Place>
    let counts: [Int64]

    init(_ places: consuming TrainingBuffer<MergeText.Place>, _ counts: [Int64]) {
      buffer = places
      self.counts = counts
    }

    consuming func places() -> TrainingBuffer<MergeText.Place> { buffer }
  }

  private let alphabet: [Unicode.Scalar]
  private let prefix: [UInt8]
  private let suffix: [UInt8]
  /// The place of each scalar in the alphabet; -1 if it is not there.
  private var ordinals = TrainingBuffer<Int32>(repeating: -1, count: 0x11_0000)

  init(_ alphabet: [Unicode.Scalar], _ settings: BytePairTrainer.Settings) {
    var distinct = [Unicode.Scalar]()
    for scalar in alphabet where ordinals.base[Int(scalar.value)] < 0 {
      ordinals.base[Int(scalar.value)] = Int32(distinct.count)
      distinct.append(scalar)
    }
    self.alphabet = distinct
    prefix = Array((settings.continuingPrefix ?? "").utf8)
    suffix = Array((settings.endOfWordSuffix ?? "").utf8)
  }

  /// Makes the pieces of the alphabet, plain and then with the affixes that occur, and the places of all words.
  consuming func symbols(
    of words: borrowing WordTable, _ pieces: inout PieceInventory
  ) throws(SubwordError) -> Symbols {
    let scalars = UTF8Scalar.count(words.bytes)
    guard scalars < Int(Int32.max) else {
      throw SubwordError(
        .invalidArgument,
        "expected less than \(Int32.max) scalars in the distinct words, found \(scalars): sample the text"
      )
    }
    // Symbols are first four to a scalar of the alphabet: plain, inside (1), last (2), both (3).
    var places = TrainingBuffer<MergeText.Place>(capacity: scalars)
    var codeCounts = [Int64](repeating: 0, count: alphabet.count * 4)
    var occurs = [Bool](repeating: false, count: alphabet.count * 4)
    words.bytes.withUnsafeBufferPointer { bytes in
      for word in 0..<words.count {
        let range = words.range(word)
        var index = range.lowerBound
        var previous: Int32 = -1
        while index < range.upperBound {
          let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
          let ordinal = scalar < 0x11_0000 ? ordinals.base[Int(scalar)] : -1
          let isInside = index > range.lowerBound && !prefix.isEmpty
          index += length
          guard ordinal >= 0 else {
            previous = -1
            continue
          }
          let isLast = index >= range.upperBound && !suffix.isEmpty
          let code = ordinal * 4 + (isInside ? 1 : 0) + (isLast ? 2 : 0)
          codeCounts[Int(code)] += words.counts[word]
          occurs[Int(code)] = true
          let place = Int32(places.count)
          if previous >= 0 { places.base[Int(previous)].next = place }
          places.append(.init(symbol: code, word: Int32(word), previous: previous))
          previous = place
        }
      }
    }
    var symbols = [Int32](repeating: -1, count: alphabet.count * 4)
    for affixes in [[0], [1, 2, 3]] {
      for ordinal in alphabet.indices {
        for affix in affixes where affix == 0 || occurs[ordinal * 4 + affix] {
          let spelling =
            (affix & 1 != 0 ? prefix : []) + Array(String(alphabet[ordinal]).utf8)
            + (affix & 2 != 0 ? suffix : [])
          symbols[ordinal * 4 + affix] = pieces.insert(spelling, length: 1)
        }
      }
    }
    var counts = [Int64](repeating: 0, count: pieces.count)
    for code in symbols.indices where symbols[code] >= 0 {
      counts[Int(symbols[code])] += codeCounts[code]
    }
    for place in 0..<places.count {
      places.base[place].symbol = symbols[Int(places.base[place].symbol)]
    }
    return Symbols(places, counts)
  }
}
