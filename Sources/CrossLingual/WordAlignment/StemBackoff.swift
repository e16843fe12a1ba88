// SPDX-License-Identifier: Apache-2.0

/// What a lexicon of stems says of words: p(t | s) = p(stem of t | stem of s) × the share of t among the words of its stem.
struct StemBackoff: Sendable {
  /// p(t | s) of stems.
  let lexicon: LexicalTable
  /// The stem of each source word.
  let sources: [Int32]
  /// The stem of each target word.
  let targets: [Int32]
  /// Each target word's share of its stem's occurrences.
  let shares: [Float]

  /// The probability of a word of a word; 0 where their stems never occurred together.
  func probability(_ source: Int32, _ target: Int32) -> Double {
    guard let row = AlignmentVocabulary.stem(of: source, sources) else { return 0 }
    return probability(row: Int(row), target)
  }

  /// The probability of a word of no word.
  func probabilityOfNone(_ target: Int32) -> Double { probability(row: lexicon.emptyRow, target) }

  private func probability(row: Int, _ target: Int32) -> Double {
    guard let stem = AlignmentVocabulary.stem(of: target, targets),
      let entry = lexicon.entry(row, stem)
    else { return 0 }
    return Double(lexicon.values[entry]) * (target < 0 ? 1 : Double(shares[Int(target)]))
  }

  /// The share of each word of a side among the words of its stem.
  static func shares(_ side: AlignmentCorpus.Side, stems: [Int32]) -> [Float] {
    var words = [Int](repeating: 0, count: stems.count)
    var totals: [Int32: Int] = [:]
    for word in side.words {
      words[Int(word)] += 1
      totals[stems[Int(word)], default: 0] += 1
    }
    return words.indices.map { Float(words[$0]) / Float(max(1, totals[stems[$0]] ?? 0)) }
  }
}
