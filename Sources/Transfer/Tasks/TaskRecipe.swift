// SPDX-License-Identifier: Apache-2.0

import Tasks
import Training

/// A recipe for any task: labelled examples of one language in, a model measured in many languages out.
///
/// A recipe file with the key `task` is one of these; without it, it is a ``Recipe`` for classifying by sentence vectors.
public struct TaskRecipe: Sendable, Equatable, Codable {
  /// The format's version, ``Recipe/version``.
  public var recipe: String
  /// The task, and how it is set up.
  public var task: TaskSection
  /// A short name, for results.
  public var name: String
  /// A title, for the report.
  public var title: String
  /// Seeds everything that is random.
  public var seed: UInt64
  /// The encoder.
  public var base: Recipe.Base
  /// The examples.
  public var data: Data
  /// What methods may have below what they tune.
  public var alignments: [Alignment] = []
  /// What is tried, in this order.
  public var methods: [Method]
  /// The name of the method that becomes the model; the last one by default.
  public var keep: String
  /// How results are measured.
  public var evaluation: Evaluation

  /// A task with its settings.
  public struct TaskSection: Sendable, Equatable, Codable {
    /// Which task.
    public var kind: TaskKind
    /// Its settings; prefix and pooling are the base's.
    public var options: TaskOptions
  }

  /// Where examples come from.
  public struct Data: Sendable, Equatable, Codable {
    /// An importer's name, which fetches public data; or nil.
    public var importer: String?
    /// A path with `{lang}` in it, and `{split}` where splits have files of their own; or nil with an importer.
    public var path: String?
    /// The language whose labels may be learned from.
    public var source: String
    /// The languages to serve; every one that the data has when empty.
    public var targets: [String]
    /// Columns, and the files of passages (`passages` may have `{lang}` and `{split}` in it).
    public var layout: TaskLayout
    /// The split to learn from, in the source language.
    public var train: String
    /// The split to choose settings and stop by, in the source language; nil for none.
    public var development: String?
    /// The split to measure on.
    public var test: String
    /// The most training examples; 0 takes all.
    public var limit: Int
    /// How many of the source's first examples are learned from, where splits have no files of their own.
    ///
    /// Whole groups of them (paragraphs); all others, of every language, are measured on. 0 learns from all of the source and measures
    /// on other languages.
    public var learnFirst: Int
  }

  /// One way to tune.
  public struct Method: Sendable, Equatable, Codable {
    /// The name, which results go by.
    public var name: String
    /// What moves.
    public var choice: TuningChoice
    /// How it moves.
    public var plan: TrainingPlan
    /// The share of probability that is spread over all classes.
    public var labelSmoothing: Double
    /// Whether classes weigh the same in all.
    public var balancesClasses: Bool
    /// What is searched on the source's development examples before; nil for nothing.
    public var search: TaskTraining.Search?
    /// Adapters below what is trained, with `{lang}` in their path where each language has its own, as MAD-X's language adapters: the
    /// source's is below in training, each language's own in answering.
    public var below: [String]
    /// Whether the source language has an adapter below too, in training; where it has none, others have theirs in answering alone.
    public var sourceHasAdapter: Bool
    /// The alignment whose adapters are below other languages' answers; nil for none.
    public var alignment: String?
    /// Texts without labels and their translations that answers should agree about; nil for none.
    public var agreement: AgreementSection?
    /// The languages that have adapters below; nil for all that ``below`` speaks of.
    var belowLanguages: Set<String>?
    /// What is learned from beside the source's labels.
    public var teaching = TaskTeaching()
    /// Trainings with seeds of their own, whose scores are averaged; 1.
    public var draws = 1

    /// The adapters below a language: none for a source that has none of its own.
    func below(_ language: String, source: String) -> LowerAdapters {
      let isBare =
        language == source && !sourceHasAdapter || belowLanguages?.contains(language) == false
      return LowerAdapters(isBare ? [] : below, language: language)
    }
  }

  /// How results are measured.
  public struct Evaluation: Sendable, Equatable, Codable {
    /// Resamples behind each interval.
    public var resamples: Int
    /// The method that others are compared with; the first one by default.
    public var reference: String?
  }

  /// How a method trains.
  ///
  /// - Parameter draw: which of the method's trainings, from 0.
  func settings(_ method: Method, draw: Int = 0) -> TaskTraining.Settings {
    var settings = TaskTraining.Settings()
    settings.base = base.model
    settings.maximumLength = base.maximumLength
    settings.options = task.options
    settings.choice = method.choice
    settings.plan = method.plan
    settings.plan.seed = seed &+ UInt64(draw)
    settings.labelSmoothing = method.labelSmoothing
    settings.balancesClasses = method.balancesClasses
    settings.agreement = method.agreement?.weight ?? settings.agreement
    settings.below =
      method.sourceHasAdapter
      ? method.below.map { $0.replacingOccurrences(of: "{lang}", with: data.source) } : []
    return settings
  }
}
