// SPDX-License-Identifier: Apache-2.0

import Foundation
import Metrics
import Torch
import Transformers

/// One class for a text, or for a pair of texts as in natural language inference and paraphrase detection.
///
/// The loss is cross-entropy, as of `*ForSequenceClassification`; scores are accuracy and macro F1.
public struct SequenceClassification: TuningTask {
  /// What is saved beside the head.
  public struct Configuration: Codable, Equatable, Sendable {
    /// The classes.
    public var labels: LabelSet
    /// How tokens become one vector.
    public var pooling: Pooling
    /// Whether a layer with tanh stands before the map to classes, as in BERT's and RoBERTa's classifiers.
    public var hasDense: Bool
    /// What precedes each text.
    public var prefix: TextPrefix

    /// A configuration; without more, the first token through a layer, as BERT and XLM-R are tuned.
    public init(
      labels: LabelSet, pooling: Pooling = .first, hasDense: Bool = true,
      prefix: TextPrefix = .none
    ) {
      self.labels = labels
      self.pooling = pooling
      self.hasDense = hasDense
      self.prefix = prefix
    }
  }

  /// A class with the probabilities of all.
  public struct Prediction: Sendable, Hashable, Codable {
    /// The most probable class; the first of equals.
    public var label: String
    /// Each class's probability, in the order of the labels.
    public var probabilities: [Float]
  }

  /// The task's name.
  public static let name = "sequence-classification"
  /// What is saved beside the head.
  public let configuration: Configuration

  /// The task of a configuration.
  public init(_ configuration: Configuration) { self.configuration = configuration }

  /// One feature: the row of the text or pair.
  public func features(
    of input: TextInput, gold: String?, _ rows: RowEncoder
  ) throws -> [SequenceFeature<Int>] {
    let target = try gold.map { try configuration.labels.require($0) }
    return [try SequenceFeature(input, target, prefix: configuration.prefix, rows)]
  }

  /// A map to one score per class.
  public func head(_ scope: ParameterScope, _ body: EncoderConfiguration) throws -> TaskHead {
    try TaskHead(
      scope, body, outputs: configuration.labels.count, hasDense: configuration.hasDense)
  }

  /// Cross-entropy, a row each.
  public func loss(
    _ states: Tensor, _ batch: TaskBatch<SequenceFeature<Int>>, _ head: TaskHead,
    _ settings: LossSettings
  ) throws -> LossSum {
    try .classification(
      logits(states, batch, head, dropout: settings.dropout), batch.targets(\.target),
      weights: batch.weights(of: Array(batch.features.indices)),
      settings,
      classCount: configuration.labels.count)
  }

  /// Each row's scores before the softmax.
  public func outputs(
    _ states: Tensor, _ batch: TaskBatch<SequenceFeature<Int>>, _ head: TaskHead
  ) throws -> [[Float]] {
    try logits(states, batch, head, dropout: 0).rowElements()
  }

  /// The most probable class.
  public func prediction(
    _ outputs: [[Float]], _ features: [SequenceFeature<Int>], _ input: TextInput
  ) throws -> Prediction {
    let probabilities = softmax(outputs[0])
    return Prediction(
      label: configuration.labels.names[probabilities.firstMaximum], probabilities: probabilities)
  }

  /// Accuracy and macro F1 over the classes that occur; a class that the head does not have counts as never found.
  public func scores(_ predictions: [Prediction], gold: [String]) throws -> [TaskScore] {
    try check(predictions, gold)
    let confusion = try Confusion(
      gold: gold, predicted: predictions.map(\.label), labels: configuration.labels)
    return [
      TaskScore("accuracy", confusion.accuracy), TaskScore("macro_f1", confusion.macroF1()),
    ]
  }
}

extension LabelSet {
  /// The index of a class.
  ///
  /// - Throws: `TaskError.Code.label` for one that the head does not have.
  func require(_ label: String) throws(TaskError) -> Int {
    if let index = index(of: label) { return index }
    let known = names.prefix(20).joined(separator: ", ") + (count > 20 ? ", …" : "")
    throw TaskError(
      .label,
      "expected one of the head's labels (\(known)), found '\(label)'; "
        + "correct it, or learn a head that has it")
  }
}

extension LossSum {
  /// Cross-entropies of logits `[items, classes]` by the settings.
  static func classification(
    _ logits: Tensor, _ targets: [Int], weights: [Float], _ settings: LossSettings, classCount: Int
  ) throws -> LossSum {
    if let given = settings.classWeights, given.count != classCount {
      throw TaskError(
        .training, "expected \(classCount) class weights, one per label, found \(given.count)")
    }
    let losses = try logits.crossEntropies(
      Tensor(targets.map(Int64.init)), weight: settings.classWeights.map { try Tensor($0) },
      labelSmoothing: settings.labelSmoothing)
    return try LossSum(
      losses, weights: weights,
      counts: settings.classWeights.map { given in targets.map { given[$0] } })
  }
}

extension Confusion {
  /// Counts labels, of which gold may have some that no head knows.
  init(gold: [String], predicted: [String], labels: LabelSet) throws {
    var indices: [[UInt8]: Int] = [:]
    for name in labels.names { indices[Array(name.utf8)] = indices.count }
    func index(_ label: String) -> Int {
      let key = Array(label.utf8)
      if let known = indices[key] { return known }
      indices[key] = indices.count
      return indices.count - 1
    }
    let (gold, predicted) = (gold.map(index), predicted.map(index))
    try self.init(gold: gold, predicted: predicted, classCount: indices.count)
  }
}
