// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Torch

/// How often each class comes, and where a language's vectors have to lie for a head to find the classes as often.
///
/// What a head has learned of one language leans to its commonest class in a language that the encoder knows badly. Where both have much the same
/// mix of classes, text without labels tells by how much: each class gets an offset, such that the mean of the probabilities is the mix (prior matching;
/// Liusie and others, 2023). The offsets are those of a place in the space, so that whoever takes a language's mean away needs nothing more.
struct ClassMix {
  /// The share of each class.
  let shares: [Double]

  /// The mix of labelled examples.
  init(_ labels: [Int], classCount: Int) {
    var counts = [Double](repeating: 0, count: classCount)
    for label in labels { counts[label] += 1 }
    shares = counts.map { $0 / Double(max(1, labels.count)) }
  }

  /// What to add to vectors of a language, `[width]`, for the head to find the mix in those that are given, `[rows, width]`.
  ///
  /// It is the least that does: a step within what the head looks at.
  func shift(_ vectors: Tensor, under head: SoftmaxHead) throws -> Tensor {
    let offsets = try offsets(head.logits(vectors).elements(as: Float.self).map(Double.init))
    let classCount = shares.count
    // Scores are the same where all classes' rise alike, so rows and offsets are taken about their mean; what is lost by it comes back as ones.
    let mean = offsets.reduce(0, +) / Double(classCount)
    let rows = try head.weight.subtracting(head.weight.mean([0]))  // [classes, width]
    let squares = try rows.elements(as: Float.self).reduce(0) { $0 + Double($1) * Double($1) }
    guard squares > 0 else { return try .zeros([head.weight.shape[1]]) }
    let scale = squares / Double(classCount)
    let target = try Tensor(offsets.map { Float($0 - mean) }).reshaped([classCount, 1])
    let products = try rows.matmul(rows.transposed()).adding(
      Tensor(
        (0..<classCount * classCount).map { place in
          Float(scale * (1 + (place % (classCount + 1) == 0 ? Self.ridge : 0)))
        }
      ).reshaped([classCount, classCount]))
    return try rows.transposed().matmul(products.solve(target)).reshaped([head.weight.shape[1]])
  }

  /// Each class's offset, by which the mean of the rows' probabilities is the mix.
  func offsets(_ scores: [Double]) -> [Double] {
    let classCount = shares.count
    let rowCount = scores.count / classCount
    var offsets = [Double](repeating: 0, count: classCount)
    guard rowCount > 0 else { return offsets }
    var terms = offsets
    for _ in 0..<Self.rounds {
      var means = [Double](repeating: 0, count: classCount)
      for row in 0..<rowCount {
        let first = row * classCount
        var highest = -Double.infinity
        for place in 0..<classCount {
          terms[place] = scores[first + place] + offsets[place]
          highest = max(highest, terms[place])
        }
        var sum = 0.0
        for place in 0..<classCount {
          terms[place] = exp(terms[place] - highest)
          sum += terms[place]
        }
        for place in 0..<classCount { means[place] += terms[place] / sum / Double(rowCount) }
      }
      var farthest = 0.0
      for place in 0..<classCount where shares[place] > 0 {
        let step = log(shares[place] / max(means[place], Self.leastMean))
        offsets[place] += step
        farthest = max(farthest, abs(step))
      }
      if farthest < Self.tolerance { break }
    }
    return offsets
  }

  /// The most times that offsets are bettered.
  private static let rounds = 500
  /// The change of an offset at which they are taken for found.
  private static let tolerance = 1e-5
  /// What a class that is never found counts as.
  private static let leastMean = 1e-6
  /// What keeps the system solvable where there are more classes than dimensions.
  private static let ridge = 1e-6
}

extension FeatureSet {
  /// The same vectors, those of every language but the source moved to where a head finds the mix of classes in its text without labels.
  ///
  /// The centers move with them. Where a language has no text without labels, that to predict on is taken, as for means.
  func matching(_ mix: ClassMix, under head: SoftmaxHead, source: String) throws -> FeatureSet {
    var result = self
    for (language, vectors) in test where language != source {
      let shift = try mix.shift(unlabelled[language] ?? vectors, under: head)
      result.test[language] = try vectors.adding(shift)
      try result.centers.move(language, by: shift)
    }
    return result
  }
}
