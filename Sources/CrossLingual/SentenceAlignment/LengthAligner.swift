// SPDX-License-Identifier: Apache-2.0

import Foundation
import WordVectors

/// Aligns the sentences of two documents by how long they are: no model, no dictionary.
///
/// What a sentence's translation is longer or shorter by is taken to be normal, with a variance that grows with the length:
/// δ says by how many deviations. A step costs −log P(step) − log 2 (1 − Φ(|δ|)), where steps of 1–1, 1–0, 0–1, 2–1, 1–2 and 2–2 have the
/// shares that were counted in texts of two parliaments. It fails where sentences are of like length or much is left out: one mistake then leads to others.
///
/// Source: Gale and Church, "A program for aligning sentences in bilingual corpora", 1993.
public struct LengthAligner: Sendable {
  /// Characters of the target for one of the source; nil, the default, for what the documents together have.
  public var ratio: Double?
  /// The variance for each character; 6.8 by default.
  public var variance = 6.8
  /// Documents whose sentences, multiplied, are more than this are searched near the diagonal alone; 4 million by default.
  public var fullSize = 4_000_000
  /// How far from the diagonal, in sentences; 500 by default.
  public var searchWidth = 500

  /// The paper's settings, save for the ratio, which is 1 there.
  public init() {}

  private static let shares: [(step: AlignmentStep, share: Double)] = [
    (AlignmentStep(1, 1), 0.89), (AlignmentStep(2, 1), 0.089), (AlignmentStep(1, 2), 0.089),
    (AlignmentStep(2, 2), 0.011), (AlignmentStep(0, 1), 0.0099), (AlignmentStep(1, 0), 0.0099),
  ]

  /// Aligns two documents by their sentences' lengths in characters; every sentence is in one alignment, in order.
  ///
  /// - Throws: `WordVectorError.Code.argument` where a setting is not positive.
  public func align(
    _ source: [Int], _ target: [Int]
  ) throws(WordVectorError) -> [SentenceAlignment] {
    guard variance > 0, ratio ?? 1 > 0, fullSize > 0, searchWidth > 0 else {
      throw WordVectorError(
        .argument, "a setting of the alignment is out of its range", expected: "more than 0",
        found: "\(min(variance, ratio ?? 1, Double(fullSize), Double(searchWidth)))")
    }
    let lengths = LengthModel(source, target, ratio: ratio, variance: variance)
    let costs = Dictionary(uniqueKeysWithValues: Self.shares.map { ($0.step, -log($0.share)) })
    let penalties = (0...2).map { x in
      (0...2).map { costs[AlignmentStep(x, $0)] ?? .infinity }
    }
    let band =
      source.count * target.count <= fullSize
      ? AlignmentBand(full: source.count, target.count)
      : AlignmentBand(
        around: lengths.diagonal, width: searchWidth, source.count, target.count)
    return band.cheapestParts(Self.shares.map(\.step)) { step, row, column in
      penalties[step.source][step.target]
        + Self.surprise(lengths.distance(step, row, column))
    }.map { SentenceAlignment($0.source, $0.target, cost: $0.step.isDeletion ? 0 : $0.cost) }
  }

  /// Minus the logarithm of how likely so many standard deviations are, or more.
  private static func surprise(_ distance: Double) -> Double {
    // Far out the logarithm is taken of the expansion, as the probability itself would be 0.
    guard distance > 8 else { return -log(erfc(distance / 2.0.squareRoot())) }
    return distance * distance / 2 + log(distance * (Double.pi / 2).squareRoot())
  }
}
