// SPDX-License-Identifier: Apache-2.0

/// How often a classifier is right, as fastText's `test` and `test-label` count it.
public struct ClassifierEvaluation: Sendable {
  /// How often a label was right, told, and there to be told.
  public struct Count: Sendable, Equatable {
    /// Times that it was told and right.
    public var right = 0
    /// Times that it was told.
    public var told = 0
    /// Lines that have it.
    public var present = 0

    /// The share of what was told that is right; 0 where nothing was told.
    public var precision: Double { told > 0 ? Double(right) / Double(told) : 0 }
    /// The share of what is there that was told; 0 where nothing is there.
    public var recall: Double { present > 0 ? Double(right) / Double(present) : 0 }
    /// The harmonic mean of both; 0 where nothing was right.
    public var f1: Double {
      told + present > 0 ? 2 * Double(right) / Double(told + present) : 0
    }
  }

  /// The labels, as in the model.
  public let labels: [String]
  /// Lines with at least one label that the model knows, and something beside it.
  public private(set) var lineCount = 0
  /// The count of each label.
  public private(set) var counts: [Count]

  /// Counts nothing yet.
  public init(labels: [String]) {
    self.labels = labels
    counts = [Count](repeating: Count(), count: labels.count)
  }

  /// Counts lines; those without a known label, or without text, are passed over.
  public mutating func add(_ lines: [FastTextClassifier.Line]) {
    for line in lines where !line.labels.isEmpty && line.hasText {
      lineCount += 1
      for label in line.labels { counts[label].present += 1 }
      for prediction in line.predictions {
        counts[prediction.index].told += 1
        if line.labels.contains(prediction.index) { counts[prediction.index].right += 1 }
      }
    }
  }

  /// All labels together: its precision and recall are P@k and R@k.
  public var total: Count {
    counts.reduce(into: Count()) { total, count in
      total.right += count.right
      total.told += count.told
      total.present += count.present
    }
  }
}
