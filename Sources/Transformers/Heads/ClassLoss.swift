// SPDX-License-Identifier: Apache-2.0

import Torch

/// Cross-entropy against class indices, with a sentence for one that the head does not have.
enum ClassLoss {
  /// The mean over labels that are not -100.
  static func mean(
    _ logits: Tensor, _ labels: [Int], classWeights: Tensor?, labelSmoothing: Double
  ) throws -> Tensor {
    let (rows, classes) = (logits.shape[0], logits.shape[1])
    guard labels.count == rows else {
      throw TransformerError(.input, "\(labels.count) labels for \(rows) rows; expected as many")
    }
    if let label = labels.first(where: { $0 != -100 && !(0..<classes).contains($0) }) {
      throw TransformerError(
        .input,
        "label \(label), but the head has \(classes) classes, 0 to \(classes - 1); "
          + "do data and model have the same labels?")
    }
    guard labels.contains(where: { $0 != -100 }) else {
      throw TransformerError(.input, "all labels are -100; expected at least one to learn from")
    }
    return try logits.crossEntropy(
      Tensor(labels.map(Int64.init)), weight: classWeights, labelSmoothing: labelSmoothing)
  }
}

extension SequenceClassifier {
  /// The mean cross-entropy of each row's class.
  ///
  /// - Parameters:
  ///   - states: `[tokens, hidden]`.
  ///   - batch: the batch that they belong to.
  ///   - labels: class indices of the rows as given; -100 leaves a row out.
  ///   - classWeights: one weight per class; all count alike by default.
  ///   - labelSmoothing: the share of probability spread over all classes.
  public func loss(
    _ states: Tensor, _ batch: PackedBatch, labels: [Int], classWeights: Tensor? = nil,
    labelSmoothing: Double = 0
  ) throws -> Tensor {
    try ClassLoss.mean(
      logits(states, batch), labels, classWeights: classWeights, labelSmoothing: labelSmoothing)
  }
}

extension TokenClassifier {
  /// The mean cross-entropy of each token's class.
  ///
  /// `labels` are class indices of the tokens of each row as given, as many as tokens; -100 leaves a token out.
  public func loss(
    _ states: Tensor, _ batch: PackedBatch, labels: [[Int]], classWeights: Tensor? = nil,
    labelSmoothing: Double = 0
  ) throws -> Tensor {
    try ClassLoss.mean(
      logits(states), batch.order.flatMap { labels[$0] }, classWeights: classWeights,
      labelSmoothing: labelSmoothing)
  }
}
