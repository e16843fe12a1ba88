// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import Foundation
import Tasks
import Torch

/// Heads of several sources on the frozen base, and what they say of a target's text together.
///
/// Each source has a head on its vectors as they are, which is the one that would be used, and a head on its vectors without the
/// language's mean; all sources together have one more. The product of what they say is the consensus, m(c | x): it needs no label of
/// the target, and being right more often than any one head, it tells how often a head is right: the mean of m(head(x) | x). Such
/// agreement is a known estimate of accuracy on other data (Platanios and others, 2016; Jiang and others, 2022).
struct LabelTransfer {
  /// What the consensus says of one source.
  struct Evidence: Equatable {
    var expectedAccuracy: Double
    var classBalance: Double
    var confidence: Double
    var ownAccuracy: Double
  }

  /// The classes of all sources.
  let labels: LabelSet
  /// Each source's head on vectors as they are.
  let heads: [SoftmaxHead]
  /// What is expected of each source.
  let evidence: [Evidence]
  /// The share of the commonest class that the consensus finds in the target's text.
  let majority: Double

  /// Probabilities below this are taken for it, so that no head has a veto.
  private static let floor = 1e-6
  /// The joint head sees the rows of all sources, so that each weighs less: C of scikit-learn.
  private static let jointInversePenalty = 3.0
  private static let folds = 5

  /// Learns all heads.
  ///
  /// - Parameters:
  ///   - sources: each source's vectors `[rows, width]` with the class of each row.
  ///   - target: the target's vectors, `[rows, width]`.
  ///   - progress: is told when the head of a source is learnt.
  init(
    _ sources: [(vectors: Tensor, classes: [Int])], target: Tensor, labels: LabelSet,
    inversePenalty: Double, progress: (Int) -> Void
  ) throws {
    self.labels = labels
    let fit = SoftmaxRegression(inversePenalty: inversePenalty)
    let count = labels.count
    let centered = try Self.centered(target)
    var heads: [SoftmaxHead] = []
    var said: [Tensor] = []
    var own: [Double] = []
    var plain: Tensor?
    var without: Tensor?
    var moved: [Tensor] = []
    for (index, source) in sources.enumerated() {
      let head = try fit.fit(source.vectors, labels: source.classes, classCount: count)
      let vectors = try Self.centered(source.vectors)
      let other = try fit.fit(vectors, labels: source.classes, classCount: count)
      heads.append(head)
      moved.append(vectors)
      let probabilities = try head.logits(target).softmax()
      said.append(probabilities)
      let share = 1 / Double(sources.count)
      let (first, second) = (
        try Self.logarithm(probabilities).multiplied(by: share),
        try Self.logarithm(other.logits(centered).softmax()).multiplied(by: share)
      )
      plain = try plain?.adding(first) ?? first
      without = try without?.adding(second) ?? second
      own.append(try Self.ownAccuracy(source.vectors, source.classes, fit, count))
      progress(index)
    }
    let joint = try SoftmaxRegression(inversePenalty: Self.jointInversePenalty).fit(
      Tensor.concatenated(moved), labels: sources.flatMap(\.classes), classCount: count)
    let jointly = try joint.logits(centered).softmax()  // [rows, classes]
    var sum = try Self.logarithm(jointly)
    for part in [plain, without] { if let part { sum = try sum.adding(part) } }
    let consensus = try sum.softmax().elements(as: Float.self)
    let shares = try jointly.mean([0]).elements(as: Float.self)
    self.heads = heads
    evidence = try zip(said, own).map { probabilities, own in
      try Self.evidence(
        probabilities.elements(as: Float.self), consensus: consensus, shares: shares,
        ownAccuracy: own)
    }
    let found = (0..<count).map { label in
      stride(from: label, to: consensus.count, by: count).reduce(0.0) { $0 + Double(consensus[$1]) }
    }
    majority = (found.max() ?? 0) / Double(max(1, consensus.count / count))
  }

  /// What probabilities of a head, `[rows × classes]`, are worth under the consensus.
  private static func evidence(
    _ probabilities: [Float], consensus: [Float], shares: [Float], ownAccuracy: Double
  ) -> Evidence {
    let count = shares.count
    let rows = max(1, probabilities.count / count)
    var (agreed, confidence) = (0.0, 0.0)
    var means = [Double](repeating: 0, count: count)
    for start in stride(from: 0, to: probabilities.count, by: count) {
      let row = probabilities[start..<start + count]
      let best = row.indices.reduce(start) { row[$1] > row[$0] ? $1 : $0 }
      agreed += Double(consensus[best])
      confidence += Double(row[best])
      for (label, value) in row.enumerated() { means[label] += Double(value) }
    }
    let balance = zip(means, shares).reduce(0) { $0 + abs($1.0 / Double(rows) - Double($1.1)) }
    return Evidence(
      expectedAccuracy: agreed / Double(rows), classBalance: -balance,
      confidence: confidence / Double(rows), ownAccuracy: ownAccuracy)
  }

  /// Vectors without their mean.
  static func centered(_ vectors: Tensor) throws -> Tensor {
    try vectors.subtracting(vectors.mean([0]))
  }

  private static func logarithm(_ probabilities: Tensor) throws -> Tensor {
    try probabilities.adding(floor).log()
  }

  /// The share of rows that a head learnt from other rows gets right; a row's fold is its place modulo their number.
  private static func ownAccuracy(
    _ vectors: Tensor, _ classes: [Int], _ fit: SoftmaxRegression, _ classCount: Int
  ) throws -> Double {
    let folds = min(folds, classes.count)
    guard folds > 1 else { return 0 }
    var right = 0
    for fold in 0..<folds {
      let (held, kept) = (
        classes.indices.filter { $0 % folds == fold }, classes.indices.filter { $0 % folds != fold }
      )
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
