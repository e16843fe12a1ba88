// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Torch

/// Heads that one source's labels teach, on the frozen base, whatever the target.
struct SourceHeads {
  /// On vectors as they are: the head that would be used.
  let plain: SoftmaxHead
  /// On vectors without the language's mean.
  let centered: SoftmaxHead
  /// The share of its own rows that a head learnt from other rows gets right.
  let ownAccuracy: Double

  private static let folds = 5
  /// The joint head sees the rows of all sources, so that each weighs less: C of scikit-learn.
  private static let jointInversePenalty = 3.0

  /// Learns the heads of a source from its vectors, `[rows, width]`, and the class of each row.
  init(
    _ vectors: Tensor, _ classes: [Int], classCount: Int, fit: SoftmaxRegression
  ) throws {
    plain = try fit.fit(vectors, labels: classes, classCount: classCount)
    centered = try fit.fit(Self.centered(vectors), labels: classes, classCount: classCount)
    ownAccuracy = try Self.ownAccuracy(vectors, classes, fit, classCount)
  }

  /// Learns one head of all sources, on vectors without their languages' means.
  static func joint(
    _ sources: [(vectors: Tensor, classes: [Int])], classCount: Int
  ) throws -> SoftmaxHead {
    try SoftmaxRegression(inversePenalty: jointInversePenalty).fit(
      Tensor.concatenated(sources.map { try centered($0.vectors) }),
      labels: sources.flatMap(\.classes), classCount: classCount)
  }

  /// Vectors without their mean.
  static func centered(_ vectors: Tensor) throws -> Tensor {
    try vectors.subtracting(vectors.mean([0]))
  }

  /// Cross-validated; a row's fold is its place modulo their number.
  private static func ownAccuracy(
    _ vectors: Tensor, _ classes: [Int], _ fit: SoftmaxRegression, _ classCount: Int
  ) throws -> Double {
    let folds = min(folds, classes.count)
    guard folds > 1 else { return 0 }
    var right = 0
    for fold in 0..<folds {
      let held = classes.indices.filter { $0 % folds == fold }
      let kept = classes.indices.filter { $0 % folds != fold }
      let head = try fit.fit(
        vectors.gathered(0, Tensor(kept.map(Int64.init))), labels: kept.map { classes[$0] },
        classCount: classCount)
      let answers = try head.logits(vectors.gathered(0, Tensor(held.map(Int64.init)))).argmax(1)
        .elements(as: Int64.self)
      right += zip(held, answers).count { classes[$0] == Int($1) }
    }
    return Double(right) / Double(classes.count)
  }
}
