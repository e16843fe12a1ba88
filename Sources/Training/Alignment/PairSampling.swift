// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Which pairs make a step: how much of each language an epoch has, and what a batch is made of.
public struct PairSampling: Sendable, Equatable, Codable {
  /// What a batch is made of.
  public enum Batching: String, Sendable, Codable, CaseIterable {
    /// Pairs of any languages.
    case mixed
    /// Pairs of one language, so that nothing can be told apart by its language alone.
    case language
  }

  /// The exponent of languages' shares: 1 takes pairs as they are, 0 as many of each language, 0.3 is usual
  /// (Conneau and others, 2020).
  ///
  /// An epoch has as many pairs as there are. A language whose share grows has pairs more than once, one whose share falls has others
  /// in each epoch.
  public var exponent: Double
  /// What a batch is made of.
  public var batching: Batching
  /// The share of each language's shortest pairs that a training begins with; nil for all of them from the beginning.
  ///
  /// It grows with the root of time until all pairs are learned from at the end (competence-based curriculum; Platanios and others, 2019).
  public var competence: Double?

  /// Pairs as they are, mixed.
  public init(exponent: Double = 1, batching: Batching = .mixed, competence: Double? = nil) {
    (self.exponent, self.batching, self.competence) = (exponent, batching, competence)
  }

  func validate() throws(TrainingError) {
    guard (0...1).contains(exponent) else {
      throw TrainingError(
        .plan, "the exponent of languages' shares must be between 0 and 1, found \(exponent)")
    }
    guard competence.map({ $0 > 0 && $0 <= 1 }) ?? true else {
      throw TrainingError(
        .plan,
        "the competence that a training begins with must be above 0 and at most 1, found \(competence ?? 0)"
      )
    }
  }

  /// The share of pairs that are learned from at a moment of the training, 0 to 1.
  func competence(at moment: Double) -> Double {
    guard let start = competence else { return 1 }
    return min(1, (moment * (1 - start * start) + start * start).squareRoot())
  }

  /// Batches in which pairs that are too long as yet stand back for shorter ones of their language, drawn at random.
  ///
  /// - Parameters:
  ///   - batches: pairs as they were drawn from all.
  ///   - languages: each pair's language, by number.
  ///   - difficulties: how long each pair is.
  ///   - span: which part of the training the batches are.
  ///   - seed: decides what is drawn.
  func withinCompetence(
    _ batches: [[Int]], _ languages: [Int], difficulties: [Int],
    during span: ClosedRange<Double>, seed: UInt64
  ) -> [[Int]] {
    guard competence != nil, !batches.isEmpty else { return batches }
    var members = [[Int]](repeating: [], count: (languages.max() ?? -1) + 1)
    for pair in languages.indices.sorted(by: {
      (difficulties[$0], $0) < (difficulties[$1], $1)
    }) { members[languages[pair]].append(pair) }
    var places = [Int](repeating: 0, count: languages.count)
    for pairs in members {
      for (place, pair) in pairs.enumerated() { places[pair] = place }
    }
    var shuffler = Shuffler(seed: ~seed)
    return batches.enumerated().map { number, batch in
      let moment =
        span.lowerBound + (span.upperBound - span.lowerBound) * Double(number)
        / Double(batches.count)
      let share = competence(at: moment)
      var wanted: [Int: Int] = [:]
      for pair in batch { wanted[languages[pair], default: 0] += 1 }
      // As many as the batch needs at least, so that no pair has to stand in it twice.
      let known = wanted.reduce(into: [Int: Int]()) { result, part in
        let count = members[part.key].count
        result[part.key] = max(min(part.value, count), Int((share * Double(count)).rounded(.up)))
      }
      var taken = Set(batch.filter { places[$0] < known[languages[$0]] ?? 0 })
      return batch.map { pair in
        let count = known[languages[pair]] ?? 0
        guard places[pair] >= count else { return pair }
        return Self.draw(members[languages[pair]].prefix(count), &taken, &shuffler) ?? pair
      }
    }
  }

  /// A pair that was not taken yet, which it is then; nil where all are.
  private static func draw(
    _ pairs: ArraySlice<Int>, _ taken: inout Set<Int>, _ shuffler: inout Shuffler
  ) -> Int? {
    // Mostly few are taken, and a draw or two finds another.
    for _ in 0..<32 {
      guard let pair = pairs.randomElement(using: &shuffler) else { return nil }
      if taken.insert(pair).inserted { return pair }
    }
    let free = pairs.first { !taken.contains($0) }
    if let free { taken.insert(free) }
    return free
  }

  /// How many pairs of each language an epoch has.
  func shares(_ counts: [Int]) -> [Int] {
    let total = counts.reduce(0, +)
    let powers = counts.map { pow(Double($0), exponent) }
    let sum = powers.reduce(0, +)
    guard exponent < 1, sum > 0 else { return counts }
    return powers.map { max(1, Int((Double(total) * $0 / sum).rounded())) }
  }

  /// How many batches an epoch has.
  func batchCount(_ counts: [Int], size: Int) -> Int {
    let shares = shares(counts)
    switch batching {
    case .mixed: return (shares.reduce(0, +) + size - 1) / size
    case .language: return shares.reduce(0) { $0 + ($1 + size - 1) / size }
    }
  }

  /// The batches of an epoch: numbers of pairs.
  ///
  /// - Parameters:
  ///   - languages: each pair's language, by number.
  ///   - counts: pairs of each language.
  ///   - size: pairs of a batch, at most.
  ///   - seed: decides all that is drawn.
  func batches(_ languages: [Int], _ counts: [Int], size: Int, seed: UInt64) -> [[Int]] {
    var shuffler = Shuffler(seed: seed)
    var members = [[Int]](repeating: [], count: counts.count)
    for (pair, language) in languages.enumerated() { members[language].append(pair) }
    let drawn = zip(members, shares(counts)).map { pairs, share in
      var result: [Int] = []
      while result.count < share {
        result += pairs.shuffled(using: &shuffler).prefix(share - result.count)
      }
      return result
    }
    func cut(_ pairs: [Int]) -> [[Int]] {
      stride(from: 0, to: pairs.count, by: size).map {
        Array(pairs[$0..<min($0 + size, pairs.count)])
      }
    }
    switch batching {
    case .mixed: return cut(drawn.flatMap { $0 }.shuffled(using: &shuffler))
    case .language: return drawn.flatMap(cut).shuffled(using: &shuffler)
    }
  }
}
