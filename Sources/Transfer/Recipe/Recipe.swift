// SPDX-License-Identifier: Apache-2.0

import Tasks
import Training
import Transformers

/// The main job, as a user writes it down: labelled text of one language in, a classifier for many out.
public struct Recipe: Sendable, Equatable, Codable {
  /// The version of the format that this type reads.
  public static let version = "transfer/v1"

  /// The format's version.
  public var recipe: String
  /// A short name, for results.
  public var name: String
  /// A title, for the report.
  public var title: String
  /// Seeds everything that is random.
  public var seed: UInt64
  /// The encoder.
  public var base: Base
  /// The examples.
  public var data: Data
  /// What is tried, in this order.
  public var methods: [Method]
  /// The name of the method that becomes the model; the last one by default.
  public var keep: String
  /// How results are measured.
  public var evaluation: Evaluation

  /// The methods that the model is made of: the one that is kept, or those that it takes together.
  var keptMethods: [Method] {
    let kept = methods.filter { $0.name == keep }
    return kept.first?.members.map { names in
      names.compactMap { name in methods.first { $0.name == name } }
    } ?? kept
  }

  /// The pretrained encoder to start from.
  public struct Base: Sendable, Equatable, Codable {
    /// A name that `koine base list` knows, a model directory, `vectors:DIRECTORY` for an encoder of word vectors, or
    /// `vectors` for one that the recipe makes.
    public var model: String
    /// How word vectors are learnt; nil unless the model is `vectors`.
    public var vectors: Vectors?
    /// What precedes each text: query, passage or none.
    public var prefix: TextPrefix
    /// How tokens become one vector: mean or first.
    public var pooling: Pooling
    /// The most tokens of a text.
    public var maximumLength: Int
    /// Which languages' text is written in Latin letters before it is encoded.
    public var romanization: Romanization
    /// A path with `{lang}` in it: words of the source and their translations, by which text of other languages is glossed in the source's words
    /// behind the text itself; nil for not at all.
    public var gloss: String?

    /// Whether a text's vector is made of its words' vectors, which leaves nothing to tune.
    public var isStatic: Bool { vectors != nil || BaseModels.staticDirectory(model) != nil }
  }

  /// Where examples come from.
  public struct Data: Sendable, Equatable, Codable {
    /// An importer's name, which fetches public data; or nil.
    public var importer: String?
    /// A path with `{lang}` and `{split}` in it; or nil with an importer.
    public var path: String?
    /// The language whose labels may be learned from.
    public var source: String
    /// The languages to serve; every one that the data has when empty.
    public var targets: [String]
    /// The column that holds the text.
    public var text: String
    /// The column that holds the label.
    public var label: String
    /// The split to learn from, in the source language.
    public var train: String
    /// The split to choose settings on, in the source language.
    public var development: String
    /// The split to measure on.
    public var test: String
    /// The most training examples; 0 takes all.
    public var limit: Int
    /// The most texts of each other language's training split, whose labels stay unread, that its mean is taken
    /// from; with 0 the mean is that of the text to predict on.
    public var unlabelled: Int
  }

  /// One way to get a classifier.
  public struct Method: Sendable, Equatable, Codable {
    /// The name, which results go by.
    public var name: String
    /// What a text is to the classifier.
    public var features: Features
    /// Whether each language's mean is taken away from its vectors.
    public var center: Centering
    /// The frozen classifier's penalty, C; chosen on development data when nil.
    public var inversePenalty: Double?
    /// Whether classes weigh the same in all.
    public var balancesClasses: Bool
    /// What a text's own tokens, and pairs of them, count beside its vector of length one; 0 leaves them out.
    public var words: Double
    /// How the encoder is tuned; it stays as it is when nil.
    public var tuning: TuningConfiguration?
    /// How the source's examples are put into other languages' words, to be learned from too; nil for not at all.
    public var codeSwitching: CodeSwitchSection?
    /// The methods whose answers are taken together (an ensemble: the normalised geometric mean of their probabilities), which come before this
    /// one; nil for a method of its own.
    public var members: [String]?
    /// Seeds what is random in this method alone; the recipe's own seed when nil.
    public var seed: UInt64?
  }

  /// What a text is to a method's classifier.
  public enum Features: String, Sendable, Codable, CaseIterable {
    /// The base's vector of it.
    case base
    /// Its words and pairs of words, weighted (tf-idf): the bag of words that everything is to be compared with.
    case words
  }

  /// Where a language's mean comes from.
  public enum Centering: String, Sendable, Codable, CaseIterable {
    /// Vectors stay as they are.
    case none
    /// The mean of the language's own text: of its unlabelled text where there is a training split, whose
    /// labels stay unread, else of the text to predict on.
    case language
    /// That mean, moved to where the method finds the classes in the same text as often as they are in the source's examples.
    case mix
  }

  /// How results are measured.
  public struct Evaluation: Sendable, Equatable, Codable {
    /// Resamples behind each interval.
    public var resamples: Int
    /// The most points in the report's picture of the space.
    public var points: Int
  }
}
