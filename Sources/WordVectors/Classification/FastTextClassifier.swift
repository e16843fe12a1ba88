// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Tells a text's labels with a supervised model, as fastText's `predict-prob` does.
///
/// A text is one line: what comes after a line feed in it is not read. Any number of threads may use one
/// classifier.
public struct FastTextClassifier: Sendable {
  /// The largest quantised matrix whose numbers are written out for speed, in bytes: 64 MiB.
  private static let largestDecoded = 64 << 20

  /// The model.
  public let model: FastTextModel
  /// The labels, prefix included, the commonest in its training text first.
  public let labels: [String]
  private let input: ParameterMatrix
  private let output: OutputLayer
  private let head: Head
  let pool: ScratchPool

  /// What makes probabilities of the output's numbers.
  private enum Head: Sendable {
    case softmax
    case sigmoid(SigmoidTable)
    case tree(LabelTree)
  }

  /// A classifier with a model.
  ///
  /// - Throws: `WordVectorError.Code.unsupported` where the model has vectors only.
  public init(_ model: FastTextModel) throws(WordVectorError) {
    let labelCount = model.dictionary.labelCount
    guard model.arguments.task == .supervised, labelCount > 0 else {
      throw WordVectorError(
        .unsupported, "the model has no labels", expected: "a supervised model",
        found: "word vectors (\(model.arguments.task))")
    }
    self.model = model
    labels = (0..<labelCount).map { model.dictionary.label($0) }
    input = model.input.decoded(below: Self.largestDecoded)
    switch model.arguments.loss {
    case .softmax: head = .softmax
    case .negativeSampling, .oneVersusAll: head = .sigmoid(SigmoidTable())
    case .hierarchicalSoftmax:
      let counts = model.dictionary.counts[model.dictionary.wordCount...]
      var rest: Int64 = 1_000_000_000_000_000
      for count in counts {
        guard count >= 0, count < rest else {
          throw WordVectorError(
            .format, "the model is damaged: the count of a label", expected: "0 to \(rest - 1)",
            found: "\(count)")
        }
        rest -= count
      }
      head = .tree(LabelTree(counts: counts))
    }
    output = OutputLayer(model.output, rows: labelCount)
    pool = ScratchPool(dimension: model.dimension, scoreCount: output.capacity)
  }

  /// Reads a model file for its labels.
  public init(contentsOf path: String) throws(WordVectorError) {
    do {
      self = try Self(FastTextModel(contentsOf: path))
    } catch {
      var error = error
      error.file = path
      throw error
    }
  }

  /// The likeliest labels of a text, with the probabilities that fastText gives.
  ///
  /// - Parameters:
  ///   - limit: The most labels; 1.
  ///   - threshold: The least probability; 0.
  /// - Returns: The likeliest first; nothing for a text in which the model knows nothing.
  public func predictions(
    for text: String, limit: Int = 1, threshold: Float = 0
  ) -> [LabelPrediction] {
    let scratch = pool.take()
    defer { pool.giveBack(scratch) }
    return predictions(for: text, limit: limit, threshold: threshold, scratch)
  }

  /// The likeliest labels of many texts, in their order, told by several threads.
  ///
  /// The result does not depend on their number.
  public func predictions(
    for texts: [String], limit: Int = 1, threshold: Float = 0, threads: Int = 1
  ) -> [[LabelPrediction]] {
    texts.mapInParallel(threads: threads) {
      predictions(for: $0, limit: limit, threshold: threshold)
    }
  }

  /// The natural logarithm of each label's probability, without what fastText adds; nothing for a text in
  /// which the model knows nothing.
  ///
  /// With `ns` and `ova` each label has a probability of its own; they do not add up to 1.
  public func logProbabilities(for text: String) -> [Float] {
    let scratch = pool.take()
    defer { pool.giveBack(scratch) }
    return logProbabilities(for: text, scratch)
  }
}

extension FastTextClassifier {
  func predictions(
    for text: String, limit: Int, threshold: Float, _ scratch: ClassifierScratch
  ) -> [LabelPrediction] {
    var text = text
    text.withUTF8 { model.features.extract($0, scratch.features) }
    return predictions(limit: limit, threshold: threshold, scratch)
  }

  /// The likeliest labels of the line whose features are in the scratch.
  func predictions(
    limit: Int, threshold: Float, _ scratch: ClassifierScratch
  ) -> [LabelPrediction] {
    guard limit > 0, fill(scratch) else { return [] }
    var ranking = LabelRanking(limit: min(limit, labels.count))
    let scores = scratch.scores.elements
    switch head {
    case .tree(let tree): rank(tree, scratch, threshold: threshold, &ranking)
    case .softmax:
      softmax(scores)
      rank(scores, threshold, &ranking)
    case .sigmoid(let sigmoid):
      for label in labels.indices { scores[label] = sigmoid(scores[label]) }
      rank(scores, threshold, &ranking)
    }
    return ranking.sorted().map { score, label in
      LabelPrediction(
        index: Int(label), label: labels[Int(label)], probability: exp(score))
    }
  }

  func logProbabilities(for text: String, _ scratch: ClassifierScratch) -> [Float] {
    var text = text
    text.withUTF8 { model.features.extract($0, scratch.features) }
    guard fill(scratch) else { return [] }
    let scores = scratch.scores.elements
    switch head {
    case .tree(let tree): return logProbabilities(tree, scores)
    case .softmax:
      let largest = scores[..<labels.count].max() ?? 0
      let total = log(scores[..<labels.count].reduce(0) { $0 + exp($1 - largest) }) + largest
      return scores[..<labels.count].map { $0 - total }
    case .sigmoid: return scores[..<labels.count].map { -log(1 + exp(-$0)) }
    }
  }

  /// Makes the numbers of the output for a text; false where the model knows nothing in it.
  private func fill(_ scratch: ClassifierScratch) -> Bool {
    let rows = UnsafeBufferPointer(scratch.features.rows.elements)
    guard !rows.isEmpty else { return false }
    input.mean(rows, into: scratch.hidden.start)
    output.scores(of: scratch.hidden.start, into: scratch.scores.start)
    return true
  }

  private func softmax(_ scores: UnsafeMutableBufferPointer<Float>) {
    var largest = scores[0]
    for label in labels.indices { largest = max(largest, scores[label]) }
    var total: Float = 0
    for label in labels.indices {
      scores[label] = exp(scores[label] - largest)
      total += scores[label]
    }
    for label in labels.indices { scores[label] /= total }
  }

  /// Ranks labels by probabilities.
  private func rank(
    _ probabilities: UnsafeMutableBufferPointer<Float>, _ threshold: Float,
    _ ranking: inout LabelRanking
  ) {
    // The logarithm is taken of few: only of what is not below the worst by its probability.
    var least = threshold
    for label in labels.indices where probabilities[label] >= least {
      ranking.add(shiftedLogarithm(probabilities[label]), Int32(label))
      if ranking.isFull {
        least = max(threshold, exp(ranking.worst) - 2e-5)
      }
    }
  }

  /// Goes down the tree, left before right, where a better label may still be.
  private func rank(
    _ tree: LabelTree, _ scratch: ClassifierScratch, threshold: Float, _ ranking: inout LabelRanking
  ) {
    let least = shiftedLogarithm(threshold)
    let scores = scratch.scores.start
    let nodes = scratch.nodes
    nodes.removeAll()
    nodes.append((Int32(2 * tree.labelCount - 2), 0))
    while let (node, score) = nodes.popLast() {
      if score < least || score < ranking.worst { continue }
      let decision = Int(node) - tree.labelCount
      guard decision >= 0 else {
        ranking.add(score, node)
        continue
      }
      let right = sigmoid(scores[decision])
      let branches = tree.decisions[decision]
      nodes.append((branches.right, score + shiftedLogarithm(right)))
      nodes.append(
        (branches.left, score + shiftedLogarithm(Float(1 - Double(right)))))
    }
  }

  private func logProbabilities(
    _ tree: LabelTree, _ scores: UnsafeMutableBufferPointer<Float>
  ) -> [Float] {
    var logs = [Float](repeating: 0, count: 2 * tree.labelCount - 1)
    // Every decision was made before those above it.
    for index in tree.decisions.indices.reversed() {
      let above = logs[tree.labelCount + index]
      let branches = tree.decisions[index]
      // log(sigmoid(x)) = -log(1 + exp(-x)); the other way is less by x.
      let score = scores[index]
      let likelier = -log(1 + exp(-abs(score)))
      logs[Int(branches.right)] = above + (score >= 0 ? likelier : likelier + score)
      logs[Int(branches.left)] = above + (score >= 0 ? likelier - score : likelier)
    }
    return Array(logs[..<tree.labelCount])
  }
}
