// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// A task whose answers to a text and to its translation can be compared: classes of whole texts, or of their words.
public protocol AgreeingTask: TuningTask {
  /// Whether words get classes; else whole texts do.
  static var classifiesWords: Bool { get }

  /// A text as an input, its words being what stands between spaces.
  static func input(ofText text: String, words: [String]) -> Input

  /// Whether an input is one text, so that a translation can stand in its place.
  static func isOneText(_ input: Input) -> Bool

  /// How many items of a feature get a class.
  func itemCount(_ feature: Feature) -> Int

  /// The item of a feature that a word is, from 0; nil for one that is in another window.
  func item(ofWord word: Int, in feature: Feature) -> Int?

  /// The scores of classes before the softmax, `[items, classes]`, the first feature's items first.
  func logits(
    _ states: Tensor, _ batch: TaskBatch<Feature>, _ head: TaskHead, dropout: Double
  ) throws -> Tensor
}

extension AgreeingTask {
  /// Always.
  public static func isOneText(_ input: Input) -> Bool { true }
}

extension SequenceClassification: AgreeingTask {
  /// No: a text has one class.
  public static var classifiesWords: Bool { false }

  /// The text.
  public static func input(ofText text: String, words: [String]) -> TextInput { TextInput(text) }

  /// No for pairs.
  public static func isOneText(_ input: TextInput) -> Bool { input.pair == nil }

  /// One.
  public func itemCount(_ feature: SequenceFeature<Int>) -> Int { 1 }

  /// The text's own, whichever word.
  public func item(ofWord word: Int, in feature: SequenceFeature<Int>) -> Int? { 0 }

  /// The scores of each row's classes, `[rows, classes]`.
  public func logits(
    _ states: Tensor, _ batch: TaskBatch<SequenceFeature<Int>>, _ head: TaskHead, dropout: Double
  ) throws -> Tensor {
    try head(configuration.pooling(states, batch.packed), dropout: dropout)
  }
}

extension TokenTagging: AgreeingTask {
  /// Yes.
  public static var classifiesWords: Bool { true }

  /// The words.
  public static func input(ofText text: String, words: [String]) -> [String] { words }

  /// As many as words of the window.
  public func itemCount(_ feature: Feature) -> Int { feature.places.count }

  /// The word's place in the window.
  public func item(ofWord word: Int, in feature: Feature) -> Int? {
    feature.words.contains(word) ? word - feature.words.lowerBound : nil
  }
}
