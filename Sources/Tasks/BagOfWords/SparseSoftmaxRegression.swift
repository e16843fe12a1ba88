// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// ``SoftmaxRegression`` on rows that are zero nearly everywhere: the same objective, to the same solution.
public struct SparseSoftmaxRegression: Sendable {
  /// How weak the penalty is, C in scikit-learn.
  public var inversePenalty: Double
  /// Whether classes weigh the same in all, whatever their number of examples.
  public var balancesClasses: Bool

  /// A classifier of sparse rows: scores of classes for each column, column by column, then offsets.
  public struct Model: Sendable {
    /// `[columns + 1, classes]`, the last row the offsets.
    public var parameters: [Double]
    /// The number of classes.
    public var classCount: Int

    /// Class probabilities of each row.
    public func probabilities(_ rows: SparseRows) -> [[Float]] {
      (0..<rows.count).map { row in
        var scores = [Double](repeating: 0, count: classCount)
        parameters.withUnsafeBufferPointer { point in
          Problem.scores(row, rows, point, classCount, &scores)
        }
        _ = Problem.normalize(&scores)
        return scores.map(Float.init)
      }
    }
  }

  /// A fit with its penalty; rows of length one want 10 to 100.
  public init(inversePenalty: Double = 30, balancesClasses: Bool = false) {
    self.inversePenalty = inversePenalty
    self.balancesClasses = balancesClasses
  }

  /// Fits a classifier; `start` saves steps along a path of penalties.
  public func fit(
    _ rows: SparseRows, labels: [Int], classCount: Int, from start: Model? = nil
  ) throws -> Model {
    let problem = Problem(
      rows: rows, labels: labels, classCount: classCount,
      weights: SoftmaxRegression.weights(labels, classCount, balancesClasses),
      inversePenalty: inversePenalty)
    var solver = LBFGS()
    solver.tolerance = 1e-4 * max(1, inversePenalty * Double(labels.count) * 1e-3)
    solver.iterationLimit = 300
    let point =
      start?.parameters ?? [Double](repeating: 0, count: (rows.width + 1) * classCount)
    return Model(
      parameters: try solver.minimize(problem.evaluate, from: point).point, classCount: classCount)
  }

  private struct Problem {
    let rows: SparseRows
    let labels: [Int]
    let classCount: Int
    let weights: [Double]
    let inversePenalty: Double

    func evaluate(_ point: [Double]) -> (value: Double, gradient: [Double]) {
      let weightCount = rows.width * classCount
      var gradient = point
      for index in weightCount..<point.count { gradient[index] = 0 }
      var loss = 0.0
      var penalty = 0.0
      for index in 0..<weightCount { penalty += point[index] * point[index] }
      var scores = [Double](repeating: 0, count: classCount)
      point.withUnsafeBufferPointer { point in
        gradient.withUnsafeMutableBufferPointer { gradient in
          for row in 0..<rows.count {
            Self.scores(row, rows, point, classCount, &scores)
            let gold = labels[row]
            let shift = scores[gold]
            let logSum = Self.normalize(&scores)
            loss += weights[gold] * (logSum - shift)
            scores[gold] -= 1
            let scale = inversePenalty * weights[gold]
            for index in 0..<classCount { scores[index] *= scale }
            for place in rows.starts[row]..<rows.starts[row + 1] {
              let (base, value) = (Int(rows.columns[place]) * classCount, rows.values[place])
              for index in 0..<classCount { gradient[base + index] += value * scores[index] }
            }
            for index in 0..<classCount { gradient[weightCount + index] += scores[index] }
          }
        }
      }
      return (0.5 * penalty + inversePenalty * loss, gradient)
    }

    @inline(__always) static func scores(
      _ row: Int, _ rows: SparseRows, _ point: UnsafeBufferPointer<Double>, _ classCount: Int,
      _ scores: inout [Double]
    ) {
      let offsets = rows.width * classCount
      for index in 0..<classCount { scores[index] = point[offsets + index] }
      for place in rows.starts[row]..<rows.starts[row + 1] {
        let (base, value) = (Int(rows.columns[place]) * classCount, rows.values[place])
        for index in 0..<classCount { scores[index] += value * point[base + index] }
      }
    }

    /// Turns scores into probabilities and gives the logarithm of the sum of their exponentials.
    @inline(__always) static func normalize(_ scores: inout [Double]) -> Double {
      let most = scores.reduce(-Double.infinity, max)
      var sum = 0.0
      for index in scores.indices {
        scores[index] = exp(scores[index] - most)
        sum += scores[index]
      }
      for index in scores.indices { scores[index] /= sum }
      return most + log(sum)
    }
  }
}
