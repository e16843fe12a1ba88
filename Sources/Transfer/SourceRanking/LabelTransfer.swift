// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import Foundation
import Tasks
import Torch

/// What the heads of several sources say of a target's text together.
///
/// Each source has a head on its vectors as they are, which is the one that would be used, and a head on its vectors without the
/// language's mean; all sources together have one more. The product of what they say is the consensus, m(c | x): it needs no label of
/// the target, and being right more often than any one head, it tells how often a head is right: the mean of m(head(x) | x). Such
/// agreement is a known estimate of accuracy on other data (Platanios and others, 2016; Jiang and others, 2022).
struct LabelTransfer {
  /// What the consensus says of one source.
  struct Evidence: Equatable {
    var agreement: Double
    var classBalance: Double
    var confidence: Double
    var ownAccuracy: Double
  }

  /// What is found of each source.
  let evidence: [Evidence]
  /// The share of the commonest class that the consensus finds in the target's text.
  let majority: Double

  /// Probabilities below this are taken for it, so that no head has a veto.
  private static let floor = 1e-6

  /// Looks at a target's text with the heads of sources.
  ///
  /// - Parameters:
  ///   - heads: each source's heads.
  ///   - joint: the head of all of them, on vectors without their language's mean.
  ///   - target: the target's vectors, `[rows, width]`.
  init(_ heads: [SourceHeads], joint: SoftmaxHead, target: Tensor) throws {
    let centered = try SourceHeads.centered(target)
    let count = joint.bias.count
    var said: [Tensor] = []
    let jointly = try joint.logits(centered).softmax()  // [rows, classes]
    var sum = try Self.logarithm(jointly)
    for head in heads {
      let probabilities = try head.plain.logits(target).softmax()
      said.append(probabilities)
      for part in [probabilities, try head.centered.logits(centered).softmax()] {
        sum = try sum.adding(
          Self.logarithm(part).multiplied(by: 1 / Double(heads.count)))
      }
    }
    let consensus = try sum.softmax().elements(as: Float.self)
    let shares = try jointly.mean([0]).elements(as: Float.self)
    evidence = try zip(said, heads).map { probabilities, head in
      try Self.evidence(
        probabilities.elements(as: Float.self), consensus: consensus, shares: shares,
        ownAccuracy: head.ownAccuracy)
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
      agreement: agreed / Double(rows), classBalance: -balance,
      confidence: confidence / Double(rows), ownAccuracy: ownAccuracy)
  }

  private static func logarithm(_ probabilities: Tensor) throws -> Tensor {
    try probabilities.adding(floor).log()
  }
}
