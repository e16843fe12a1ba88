// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// What tells, without a dictionary, whether two languages came together in one space.
///
/// Words that are each other's best translation by CSLS are taken from the commonest; in a space that holds together they are many, and
/// the words near to one are, translated, near to the other in the *unmapped* vectors of its own language.
public struct MapValidation: Sendable, Hashable, Codable {
  /// How many words of each side were looked at.
  public let vocabulary: Int
  /// The mean cosine of a word with its best translation by CSLS (MUSE's criterion).
  public let meanCosine: Double
  /// The share of words that are the best translation of their own best translation.
  public let mutualShare: Double
  /// How much of the neighbourhoods of mutual pairs is shared; see ``SpaceDiagnostics/neighborhoodOverlap(_:_:pairs:neighbors:engine:threads:)``.
  public let overlap: Double
  /// How much would be shared by chance.
  public let chance: Double

  /// Looks at vectors of both languages in one space.
  public init(
    _ x: VectorMatrix, _ z: VectorMatrix, vocabulary: Int = 4_000, engine: any MatrixEngine,
    threads: Int
  ) throws {
    let count = min(vocabulary, x.rows, z.rows)
    let unit = FittedNormalization(parts: [.unit])
    let left = unit.apply(to: x.prefix(count), threads: threads)
    let right = unit.apply(to: z.prefix(count), threads: threads)
    var induction = DictionaryInduction()
    induction.direction = .forward
    let forward = try induction.induce(left, right, engine: engine, threads: threads).pairs
    induction.direction = .mutual
    let mutual = try induction.induce(left, right, engine: engine, threads: threads).pairs
    self.vocabulary = count
    var sum = 0.0
    for pair in forward {
      for (a, b) in zip(left[pair.source], right[pair.target]) { sum += Double(a) * Double(b) }
    }
    meanCosine = sum / Double(max(forward.count, 1))
    mutualShare = Double(mutual.count) / Double(max(count, 1))
    chance = min(1, 10 / Double(max(mutual.count - 1, 1)))
    overlap = try SpaceDiagnostics.neighborhoodOverlap(
      left, right, pairs: mutual, engine: engine, threads: threads)
  }

  /// Whether the languages did not come together: less than a fifth of neighbourhoods is shared beyond chance, or hardly a pair is
  /// mutual.
  ///
  /// Measured between vectors of dimension 50: 0.40 is shared where 45 % of words are translated rightly, 0.11 where 7 % are, 0.12
  /// after unsupervised learning that translates nothing rightly, 0.05 for a dictionary of wrong pairs.
  public var hasFailed: Bool {
    chance >= 1 || (overlap - chance) / (1 - chance) < 0.2 || mutualShare < 0.1
  }

  /// A sentence that says so, with the numbers.
  public var statement: String {
    func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
    let numbers =
      "\(percent(mutualShare)) of words are each other's best translation, and these share \(percent(overlap)) of their neighbours"
    return hasFailed
      ? "the map has failed, the languages did not come together: \(numbers)"
      : "the languages came together: \(numbers)"
  }
}
