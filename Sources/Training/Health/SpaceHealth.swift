// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// How well two languages lie in one space, from vectors of texts that say the same.
///
/// | measure | 0 means | sound |
/// |---|---|---|
/// | ``alignment`` | texts that say the same have one vector | low, below the spread |
/// | ``uniformity`` | all targets have one vector | below -1 |
/// | ``meanCosine`` | targets are at right angles | far from 1 |
/// | ``effectiveRank`` | – (1: targets lie on a line) | as high as before |
/// | ``hubness`` | all targets are found as often | below 3 |
/// | ``forward``, ``backward`` | no text finds its own | near 1 |
///
/// Sources: alignment and uniformity, Wang and Isola 2020; effective rank, Roy and Vetterli 2007; hubness, Radovanović and others 2010.
public struct SpaceHealth: Sendable, Equatable, Codable {
  /// The mean squared distance of a target to its source.
  public var alignment: Double
  /// The logarithm of the mean of exp(-2 |x - y|²) over pairs of targets.
  public var uniformity: Double
  /// The mean cosine of two targets.
  public var meanCosine: Double
  /// e to the power of the entropy of the singular values of targets less their mean.
  public var effectiveRank: Double
  /// The skewness of how often each target is among the ten nearest of a source.
  public var hubness: Double
  /// The share of sources whose nearest target is their own.
  public var forward: Double
  /// The share of targets whose nearest source is their own.
  public var backward: Double
  /// How many pairs were looked at.
  public var count: Int

  /// The mean of both ways to look for a text's own.
  public var accuracy: Double { (forward + backward) / 2 }

  /// The health of a space.
  ///
  /// - Parameters:
  ///   - sources: vectors of length one, `[pairs, width]`.
  ///   - targets: vectors of length one of what says the same, `[pairs, width]`.
  ///   - numbers: for each pair the number of its source, where several pairs share one; all different by default.
  /// - Throws: `TrainingError` for fewer than two pairs.
  public init(_ sources: Tensor, _ targets: Tensor, numbers: [Int]? = nil) throws {
    let count = targets.shape[0]
    guard count > 1 else {
      throw TrainingError(.plan, "the health of a space needs at least 2 pairs, found \(count)")
    }
    let numbers = numbers ?? Array(0..<count)
    self = try GradientMode.disabled { () throws -> SpaceHealth in
      let among = try targets.matmul(targets.transposed()).elements(as: Float.self)
      var (cosines, potential, pairs) = (0.0, 0.0, 0)
      for row in 0..<count {
        for column in 0..<row where numbers[row] != numbers[column] {
          let cosine = Double(among[row * count + column])
          cosines += cosine
          potential += exp(4 * cosine - 4)
          pairs += 1
        }
      }
      let across = try sources.matmul(targets.transposed())  // [sources, targets]
      let scores = try across.elements(as: Float.self)
      let found = try across.largest(min(10, count)).indices.elements(as: Int64.self)
      var occurrences = [Double](repeating: 0, count: count)
      for target in found { occurrences[Int(target)] += 1 }
      return SpaceHealth(
        alignment: try sources.subtracting(targets).power(2).sum([1]).mean().item(),
        uniformity: pairs == 0 ? 0 : log(potential / Double(pairs)),
        meanCosine: pairs == 0 ? 1 : cosines / Double(pairs),
        effectiveRank: try Self.effectiveRank(targets), hubness: Self.skewness(occurrences),
        forward: Self.share(scores, count, numbers, byColumn: false),
        backward: Self.share(scores, count, numbers, byColumn: true), count: count)
    }
  }

  private init(
    alignment: Double, uniformity: Double, meanCosine: Double, effectiveRank: Double,
    hubness: Double, forward: Double, backward: Double, count: Int
  ) {
    (self.alignment, self.uniformity) = (alignment, uniformity)
    (self.meanCosine, self.effectiveRank) = (meanCosine, effectiveRank)
    (self.hubness, self.forward, self.backward) = (hubness, forward, backward)
    self.count = count
  }

  /// The share of rows, or columns, whose own entry is above all others'; what is as near counts against it.
  private static func share(
    _ scores: [Float], _ count: Int, _ numbers: [Int], byColumn: Bool
  ) -> Double {
    let hits = (0..<count).count { one in
      let own = scores[one * count + one]
      return (0..<count).allSatisfy { other in
        numbers[other] == numbers[one]
          || (byColumn ? scores[other * count + one] : scores[one * count + other]) < own
      }
    }
    return Double(hits) / Double(count)
  }

  private static func effectiveRank(_ vectors: Tensor) throws -> Double {
    let values = try vectors.subtracting(vectors.mean([0])).singularValues().s
      .elements(as: Float.self).map(Double.init)
    let sum = values.reduce(0, +)
    guard sum > 1e-6 else { return 1 }
    return exp(
      -values.reduce(0) { total, value in
        let share = value / sum
        return share > 0 ? total + share * log(share) : total
      })
  }

  private static func skewness(_ values: [Double]) -> Double {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    guard variance > 0 else { return 0 }
    let third = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) } / count
    return third / (variance * variance.squareRoot())
  }
}
