// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// A task in one small type: what its examples are, what a model reads of them, and how it learns, answers and is scored.
///
/// A training loop knows nothing of the task but this. It makes ``features(of:gold:_:)``, packs some of them into a ``TaskBatch``,
/// runs the encoder over it, and asks for the ``loss(_:_:_:_:)`` of the states; after training ``TaskPredictor`` goes the other way.
/// What is true of an example, its `Gold`, stands apart from what it is predicted from, its `Input`, so that code that predicts
/// cannot look at it.
public protocol TuningTask: Sendable {
  /// What must be saved beside the head: labels, pooling, lengths.
  associatedtype Configuration: Codable & Equatable & Sendable
  /// What a prediction is made of.
  associatedtype Input: Sendable
  /// What is true of it.
  associatedtype Gold: Sendable
  /// What a model reads of an example, and what it should say.
  associatedtype Feature: TaskFeature
  /// What the head says of a feature, before it is decoded.
  associatedtype Output: Sendable
  /// What is answered.
  associatedtype Prediction: Sendable & Encodable

  /// The name that saved heads and recipes have for the task, "token-tagging".
  static var name: String { get }

  /// What is saved beside the head.
  var configuration: Configuration { get }

  /// The task of a configuration.
  init(_ configuration: Configuration)

  /// What a model reads of an example: one feature, or several where it is cut into windows.
  ///
  /// - Parameters:
  ///   - input: the example.
  ///   - gold: what is true of it, to learn from; nil to predict.
  ///   - rows: makes token ids.
  /// - Throws: `TaskError`, as where a label is not one of the head's.
  func features(of input: Input, gold: Gold?, _ rows: RowEncoder) throws -> [Feature]

  /// The head's parameters, fresh or loaded, for a body of a shape.
  func head(_ scope: ParameterScope, _ body: EncoderConfiguration) throws -> TaskHead

  /// The loss of a batch whose features were made with gold.
  ///
  /// - Parameter states: the body's last states of the batch's tokens, `[tokens, hidden]`.
  func loss(
    _ states: Tensor, _ batch: TaskBatch<Feature>, _ head: TaskHead, _ settings: LossSettings
  ) throws -> LossSum

  /// What the head says of each feature of a batch.
  func outputs(
    _ states: Tensor, _ batch: TaskBatch<Feature>, _ head: TaskHead
  ) throws -> [Output]

  /// The answer to an example from what the head said of all its features, in their order.
  func prediction(_ outputs: [Output], _ features: [Feature], _ input: Input) throws -> Prediction

  /// How good predictions are, the score that counts first.
  func scores(_ predictions: [Prediction], gold: [Gold]) throws -> [TaskScore]
}

/// What a model reads of an example, with what it should say where that is known.
public protocol TaskFeature: Sendable {
  /// One row of tokens, or several that belong together.
  var rows: [TokenRow] { get }
}

/// An example with what is true of it.
public struct LabelledExample<Input: Sendable, Gold: Sendable>: Sendable {
  /// What a prediction is made of.
  public var input: Input
  /// What is true of it.
  public var gold: Gold

  /// An example from its parts.
  public init(_ input: Input, _ gold: Gold) {
    self.input = input
    self.gold = gold
  }
}

/// A number that says how good predictions are.
public struct TaskScore: Sendable, Hashable, Codable {
  /// The metric's name, as results files have it: "accuracy".
  public var metric: String
  /// Its value.
  public var value: Double

  /// A metric and its value.
  public init(_ metric: String, _ value: Double) {
    self.metric = metric
    self.value = value
  }
}

extension TuningTask {
  /// The features of many examples, to learn from.
  ///
  /// - Throws: `TaskError` with the number of the example, from 1.
  public func features(
    _ examples: [LabelledExample<Input, Gold>], _ rows: RowEncoder
  ) throws -> [Feature] {
    var result: [Feature] = []
    for (index, example) in examples.enumerated() {
      do {
        result += try features(of: example.input, gold: example.gold, rows)
      } catch let error as TaskError {
        let place = "example \(index + 1)"
        throw TaskError(
          error.code, error.message, at: error.location.map { "\(place), \($0)" } ?? place)
      }
    }
    return result
  }

  /// Refuses to score nothing, and predictions that do not belong to what is true one by one.
  func check(_ predictions: [Prediction], _ gold: [Gold]) throws(TaskError) {
    guard predictions.count == gold.count, !gold.isEmpty else {
      throw TaskError(
        .examples,
        "expected as many predictions as examples and at least one, found \(predictions.count) for "
          + "\(gold.count)")
    }
  }
}
