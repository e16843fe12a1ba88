// SPDX-License-Identifier: Apache-2.0

extension TransferReport {
  /// A language and how to call it.
  public struct Language: Sendable, Equatable, Codable {
    /// The code used in scores, points and mistakes, such as `sw` or `swh_Latn`.
    public var code: String
    /// Its English name.
    public var name: String

    /// Makes a language.
    public init(code: String, name: String) {
      self.code = code
      self.name = name
    }
  }

  /// One way of making the model.
  public struct Method: Sendable, Equatable, Codable {
    /// The short name used in scores, such as `frozen`.
    public var name: String
    /// What it does, in one sentence.
    public var summary: String
    /// What labels it learned from beside those of the source language, such as `all of German`; nil for none.
    public var furtherLabels: String?
    /// How many parameters were trained.
    public var trainableParameters: Int?
    /// How long training took.
    public var seconds: Double?
    /// The most memory that training held.
    public var peakMemoryBytes: Int?

    /// Makes a method.
    public init(
      name: String, summary: String = "", furtherLabels: String? = nil,
      trainableParameters: Int? = nil, seconds: Double? = nil, peakMemoryBytes: Int? = nil
    ) {
      self.name = name
      self.summary = summary
      self.furtherLabels = furtherLabels
      self.trainableParameters = trainableParameters
      self.seconds = seconds
      self.peakMemoryBytes = peakMemoryBytes
    }
  }

  /// How one method does in one language; shares are 0...1.
  public struct Score: Sendable, Equatable, Codable {
    /// The language's code.
    public var language: String
    /// The method's name.
    public var method: String
    /// How many items were tested.
    public var n: Int
    /// The share of items answered right, or the score that the report's `measure` names.
    public var accuracy: Double?
    /// The lower end of accuracy's 95 % interval.
    public var low: Double?
    /// The upper end of accuracy's 95 % interval.
    public var high: Double?
    /// The mean F1 over the classes.
    public var macroF1: Double?
    /// The expected calibration error.
    public var calibrationError: Double?

    /// Makes a score.
    public init(
      language: String, method: String, n: Int, accuracy: Double?, low: Double? = nil,
      high: Double? = nil, macroF1: Double? = nil, calibrationError: Double? = nil
    ) {
      self.language = language
      self.method = method
      self.n = n
      self.accuracy = accuracy
      self.low = low
      self.high = high
      self.macroF1 = macroF1
      self.calibrationError = calibrationError
    }
  }

  /// A confusion matrix with its labels.
  public struct ConfusionTable: Sendable, Equatable, Codable {
    /// What it counts, such as `English` or `All other languages`.
    public var title: String
    /// The classes' names.
    public var labels: [String]
    /// Counts: one row per gold class, one column per predicted class.
    public var rows: [[Int]]

    /// Makes a table.
    public init(title: String, labels: [String], rows: [[Int]]) {
      self.title = title
      self.labels = labels
      self.rows = rows
    }
  }

  /// A reliability diagram's bars.
  public struct ReliabilityTable: Sendable, Equatable, Codable {
    /// One bar.
    public struct Bin: Sendable, Equatable, Codable {
      /// The lowest confidence of the bin.
      public var lower: Double
      /// The highest confidence of the bin.
      public var upper: Double
      /// How many predictions it holds.
      public var count: Int
      /// The share of them that are right; nil where it is empty.
      public var accuracy: Double?

      /// Makes a bin.
      public init(lower: Double, upper: Double, count: Int, accuracy: Double?) {
        self.lower = lower
        self.upper = upper
        self.count = count
        self.accuracy = accuracy
      }
    }

    /// Whose predictions they are, such as `English`.
    public var title: String
    /// The bars, from low to high confidence.
    public var bins: [Bin]
    /// The expected calibration error over them.
    public var calibrationError: Double?

    /// Makes a table.
    public init(title: String, bins: [Bin], calibrationError: Double?) {
      self.title = title
      self.bins = bins
      self.calibrationError = calibrationError
    }
  }

  /// The representation space, flattened to two dimensions.
  public struct Projection: Sendable, Equatable, Codable {
    /// One text's place.
    public struct Point: Sendable, Equatable, Codable {
      /// The horizontal coordinate, in any unit.
      public var x: Double
      /// The vertical coordinate, in the same unit.
      public var y: Double
      /// The language's code.
      public var language: String
      /// The gold label.
      public var label: String
      /// The text or its beginning.
      public var text: String

      /// Makes a point.
      public init(x: Double, y: Double, language: String, label: String, text: String) {
        self.x = x
        self.y = y
        self.language = language
        self.label = label
        self.text = text
      }
    }

    /// How it was made, in one sentence, such as `First two principal components ...`.
    public var summary: String
    /// The points; of more than ``TransferReport/pointLimit`` an even selection is drawn.
    public var points: [Point]

    /// Makes a projection.
    public init(summary: String, points: [Point]) {
      self.summary = summary
      self.points = points
    }
  }

  /// A text on which the model was sure, and wrong.
  public struct Mistake: Sendable, Equatable, Codable {
    /// The language's code.
    public var language: String
    /// The text.
    public var text: String
    /// The right label.
    public var gold: String
    /// The label that was given.
    public var predicted: String
    /// How sure the model was, 0...1.
    public var confidence: Double

    /// Makes a mistake.
    public init(
      language: String, text: String, gold: String, predicted: String, confidence: Double
    ) {
      self.language = language
      self.text = text
      self.gold = gold
      self.predicted = predicted
      self.confidence = confidence
    }
  }
}
