// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// What is counted of one sentence, or of many.
enum Count: Int, CaseIterable {
  case sentences, bytes, scalars, words, wholeWords, tokens, unknown, unknownScalars, byteTokens,
    byteScalars,
    pairs, pairedTokens, pivotTokens
}

/// Counts by name.
struct Counts: Sendable, Equatable {
  private(set) var values = [Int64](repeating: 0, count: Count.allCases.count)

  subscript(count: Count) -> Int {
    get { Int(values[count.rawValue]) }
    set { values[count.rawValue] = Int64(newValue) }
  }

  mutating func add(_ other: Counts) {
    for index in values.indices { values[index] += other.values[index] }
  }
}

/// The counts of a language, once as they are and once for each replicate of the bootstrap.
struct LanguageSums: Sendable, Equatable {
  private(set) var counts = Counts()
  /// For each count all replicates, one count after the other.
  private var replicates: [Int64]
  private let resamples: Int
  /// How often each piece was used.
  var pieces: [Int32: Int] = [:]
  /// Scalars by script; the index is the script's raw value.
  var scripts = [Int](repeating: 0, count: Script.all.count)
  /// For each pack its tokens, and what the language would need more without it.
  var packs: [PackSums]

  struct PackSums: Sendable, Equatable {
    var tokens = 0
    var saved = 0
    var spared = 0
    var sentences = 0
  }

  init(resamples: Int, packs: Int) {
    self.resamples = resamples
    replicates = Array(repeating: 0, count: resamples * Count.allCases.count)
    self.packs = Array(repeating: PackSums(), count: packs)
  }

  /// Adds a sentence that the replicates draw as often as `weights` says.
  mutating func add(_ sentence: Counts, weights: [Int64]) {
    counts.add(sentence)
    for count in Count.allCases {
      let value = sentence.values[count.rawValue]
      guard value != 0 else { continue }
      let start = count.rawValue * resamples
      for index in 0..<resamples { replicates[start + index] += value * weights[index] }
    }
  }

  mutating func add(_ other: LanguageSums) {
    counts.add(other.counts)
    for index in replicates.indices { replicates[index] += other.replicates[index] }
    // Sums do not depend on the order in which a dictionary gives its keys.
    pieces.merge(other.pieces, uniquingKeysWith: +)
    for index in scripts.indices { scripts[index] += other.scripts[index] }
    for index in packs.indices {
      packs[index].tokens += other.packs[index].tokens
      packs[index].saved += other.packs[index].saved
      packs[index].spared += other.packs[index].spared
      packs[index].sentences += other.packs[index].sentences
    }
  }

  /// The ratio of two sums; nil where there is nothing to divide by.
  func ratio(_ top: Count, _ bottom: Count) -> Double? {
    counts[bottom] > 0 ? Double(counts[top]) / Double(counts[bottom]) : nil
  }

  /// The ratio in each replicate.
  func ratios(_ top: Count, _ bottom: Count) -> [Double?] {
    (0..<resamples).map { index in
      let below = replicates[bottom.rawValue * resamples + index]
      return below > 0 ? Double(replicates[top.rawValue * resamples + index]) / Double(below) : nil
    }
  }

  func estimate(_ top: Count, _ bottom: Count) -> Estimate? {
    Estimate(ratio(top, bottom), replicates: ratios(top, bottom))
  }
}
