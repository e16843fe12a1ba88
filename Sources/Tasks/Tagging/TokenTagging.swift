// SPDX-License-Identifier: Apache-2.0

import Metrics
import Torch
import Transformers

/// A tag for each word of a sentence: parts of speech, or entities spelled B, I and O.
///
/// Tags are kept on words, never on pieces: the state of a word's first piece carries its tag, in learning and in answering. Every
/// word gets one, those without a piece of their own and those of sentences longer than the model too (``WordWindows``).
///
/// Source: Devlin and others, "BERT", 2019, 5.3, for the first piece.
public struct TokenTagging: TuningTask {
  /// What tags are.
  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// Each tag stands for itself; the score is accuracy.
    case words
    /// Tags spell entities by B, I and O (IOB2); the score is F1 over whole entities.
    case entities
  }

  /// How tags are chosen from their scores.
  public enum Decoding: String, Codable, Sendable, CaseIterable {
    /// Each word's best, whatever comes of it.
    case independent
    /// Each word's best, and an I that goes on with nothing becomes a B.
    case repaired
    /// The best sequence in which every I goes on with an entity of its type (Viterbi).
    case constrained
  }

  /// What is saved beside the head.
  public struct Configuration: Codable, Equatable, Sendable {
    /// The tags.
    public var labels: LabelSet
    /// What tags are.
    public var kind: Kind
    /// How tags are chosen; only entities know other than ``Decoding/independent``.
    public var decoding: Decoding
    /// Pieces that neighbouring windows of a long sentence share, at most half a window.
    public var stride: Int

    /// A configuration; windows share 64 pieces unless told otherwise.
    public init(
      labels: LabelSet, kind: Kind = .words, decoding: Decoding = .independent, stride: Int = 64
    ) {
      self.labels = labels
      self.kind = kind
      self.decoding = decoding
      self.stride = stride
    }
  }

  /// A window of a sentence.
  public struct Feature: TaskFeature {
    /// The window's row.
    public let rows: [TokenRow]
    /// The words that get their tags here.
    public let words: Range<Int>
    /// The tokens that carry them.
    public let places: [Int]
    /// The tags that they should get; nil to predict.
    public let targets: [Int]?
  }

  /// A sentence's tags.
  public struct Prediction: Sendable, Hashable, Codable {
    /// One tag per word.
    public var tags: [String]
    /// The probability of each word's tag by itself.
    public var probabilities: [Float]
  }

  /// The task's name.
  public static let name = "token-tagging"
  /// What is saved beside the head.
  public let configuration: Configuration

  /// The task of a configuration.
  public init(_ configuration: Configuration) { self.configuration = configuration }

  /// The windows of a sentence; none for a sentence without words.
  public func features(
    of input: [String], gold: [String]?, _ rows: RowEncoder
  ) throws -> [Feature] {
    var targets: [Int]?
    if let gold {
      guard gold.count == input.count else {
        throw TaskError(
          .examples, "expected \(input.count) tags, one per word, found \(gold.count)")
      }
      targets = try gold.enumerated().map { place, tag in
        do throws(TaskError) {
          return try configuration.labels.require(tag)
        } catch {
          throw TaskError(error.code, error.message, at: "word \(place + 1)")
        }
      }
    }
    return try WordWindows(input, rows, stride: configuration.stride).windows.map { window in
      Feature(
        rows: [window.row], words: window.words, places: window.places,
        targets: targets.map { Array($0[window.words]) })
    }
  }

  /// A map to one score per tag.
  public func head(_ scope: ParameterScope, _ body: EncoderConfiguration) throws -> TaskHead {
    try TaskHead(scope, width: body.hiddenSize, outputs: configuration.labels.count)
  }

  /// The scores of the tags of all words of a batch, `[words, tags]`, the first feature's words first.
  public func logits(
    _ states: Tensor, _ batch: TaskBatch<Feature>, _ head: TaskHead, dropout: Double
  ) throws -> Tensor {
    let places = batch.features.enumerated().flatMap { index, feature in
      batch.places(feature.places, feature: index)
    }
    return try head(states.gathered(0, Tensor(places)), dropout: dropout)  // [words, tags]
  }

  /// Cross-entropy, a word each.
  public func loss(
    _ states: Tensor, _ batch: TaskBatch<Feature>, _ head: TaskHead, _ settings: LossSettings
  ) throws -> LossSum {
    let owners = batch.features.enumerated().flatMap { index, feature in
      [Int](repeating: index, count: feature.places.count)
    }
    let targets = Array(batch.targets(\.targets).joined())
    return try .classification(
      logits(states, batch, head, dropout: settings.dropout), targets,
      weights: batch.weights(of: owners), settings, classCount: configuration.labels.count)
  }

  /// For each feature, the scores of each of its words.
  public func outputs(
    _ states: Tensor, _ batch: TaskBatch<Feature>, _ head: TaskHead
  ) throws -> [[[Float]]] {
    var rows = try logits(states, batch, head, dropout: 0).rowElements()[...]
    return batch.features.map { feature in
      defer { rows = rows.dropFirst(feature.places.count) }
      return Array(rows.prefix(feature.places.count))
    }
  }

  /// A tag for every word.
  public func prediction(
    _ outputs: [[[Float]]], _ features: [Feature], _ input: [String]
  ) throws -> Prediction {
    let probabilities = outputs.joined().map(softmax)
    let names = configuration.labels.names
    let isFree = configuration.kind == .words || configuration.decoding != .constrained
    var indices =
      isFree
      ? probabilities.map(\.firstMaximum)
      : EntityDecoding(names).bestSequence(probabilities)
    if configuration.kind == .entities, configuration.decoding == .repaired {
      indices = EntityDecoding(names).repaired(indices)
    }
    return Prediction(
      tags: indices.map { names[$0] },
      probabilities: zip(indices, probabilities).map { $1[$0] })
  }

  /// Of entities F1, precision, recall and accuracy, of other tags accuracy and macro F1, over all words.
  public func scores(_ predictions: [Prediction], gold: [[String]]) throws -> [TaskScore] {
    try check(predictions, gold)
    let tags = predictions.map(\.tags)
    let entities = try TaggingScores(gold: gold, predicted: tags)
    guard configuration.kind == .words else {
      return [
        TaskScore("f1", entities.f1), TaskScore("precision", entities.precision),
        TaskScore("recall", entities.recall), TaskScore("accuracy", entities.accuracy),
      ]
    }
    let confusion = try Confusion(
      gold: Array(gold.joined()), predicted: Array(tags.joined()), labels: configuration.labels)
    return [
      TaskScore("accuracy", confusion.accuracy), TaskScore("macro_f1", confusion.macroF1()),
    ]
  }
}
