// SPDX-License-Identifier: Apache-2.0

/// Which classes a macro average runs over.
public enum MacroAverage: Sendable {
  /// The classes that occur in the gold labels or in the predictions: scikit-learn's default.
  case present
  /// All classes, those that never occur counting as 0.
  case all
}

/// Scores read off the counts; each is NaN for an empty matrix, where nothing was measured.
extension Confusion {
  /// How many items were predicted right.
  public var hits: Int {
    (0..<classCount).reduce(0) { $0 + self[gold: $1, predicted: $1] }
  }

  /// The share of items predicted right.
  public var accuracy: Double {
    let total = total
    return total == 0 ? .nan : Double(hits) / Double(total)
  }

  /// F1 over pooled decisions, which equals accuracy where each item has exactly one label.
  public var microF1: Double { accuracy }

  /// Precision, recall, F1 and support of each class, in the order of the classes.
  public var classScores: [ClassScore] {
    var support = [Int](repeating: 0, count: classCount)
    var predicted = support
    for gold in 0..<classCount {
      for guess in 0..<classCount {
        let count = counts[gold * classCount + guess]
        support[gold] += count
        predicted[guess] += count
      }
    }
    return (0..<classCount).map {
      ClassScore(
        hits: counts[$0 * classCount + $0], predicted: predicted[$0], support: support[$0])
    }
  }

  /// The mean of the classes' F1, each class counting the same.
  ///
  /// - Parameter average: Which classes count; those present, by default.
  public func macroF1(_ average: MacroAverage = .present) -> Double {
    guard total > 0 else { return .nan }
    var sum = 0.0
    var classes = 0
    for label in 0..<classCount {
      var support = 0
      var predicted = 0
      for other in 0..<classCount {
        support += counts[label * classCount + other]
        predicted += counts[other * classCount + label]
      }
      guard average == .all || support + predicted > 0 else { continue }
      sum +=
        ClassScore(
          hits: counts[label * classCount + label], predicted: predicted, support: support
        ).f1
      classes += 1
    }
    return sum / Double(classes)
  }

  /// The mean of the classes' F1 weighted by support.
  public var weightedF1: Double {
    let total = total
    guard total > 0 else { return .nan }
    return classScores.reduce(0) { $0 + $1.f1 * Double($1.support) } / Double(total)
  }

  /// Matthews' correlation coefficient, -1...1, in its form for any number of classes.
  ///
  /// It is 0 where all gold labels, or all predictions, are of one class. Source: Gorodkin,
  /// "Comparing two K-category assignments by a K-category correlation coefficient", 2004.
  public var matthewsCorrelation: Double {
    let total = Double(total)
    guard total > 0 else { return .nan }
    var agreement = Double(hits) * total
    var goldSpread = total * total
    var predictedSpread = total * total
    for label in 0..<classCount {
      var support = 0.0
      var predicted = 0.0
      for other in 0..<classCount {
        support += Double(counts[label * classCount + other])
        predicted += Double(counts[other * classCount + label])
      }
      agreement -= support * predicted
      goldSpread -= support * support
      predictedSpread -= predicted * predicted
    }
    guard goldSpread > 0, predictedSpread > 0 else { return 0 }
    return agreement / (goldSpread * predictedSpread).squareRoot()
  }
}
