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

  /// Pairs as they are, mixed.
  public init(exponent: Double = 1, batching: Batching = .mixed) {
    (self.exponent, self.batching) = (exponent, batching)
  }

  func validate() throws(TrainingError) {
    guard (0...1).contains(exponent) else {
      throw TrainingError(
        .plan, "the exponent of languages' shares must be between 0 and 1, found \(exponent)")
    }
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
