// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Complement naive Bayes over bins of words (Rennie, Shih, Teevan and Karger 2003).
///
/// A class is scored by how unlikely a text's words are in the other classes, which is steadier than their
/// likelihood in a small class; words weigh by how few texts have them.
struct NaiveBayes: Sendable {
  private static let smoothing = 1.0

  private let classes: Int
  private let bins: Int
  private var counts: [Int32]
  private var totals: [Int32]
  private var sizes: [Int]
  private var size = 0
  private var texts = 0
  private var vocabulary = 0

  init(classes: Int, bins: Int) {
    self.classes = classes
    self.bins = bins
    counts = [Int32](repeating: 0, count: classes * bins)
    totals = [Int32](repeating: 0, count: bins)
    sizes = [Int](repeating: 0, count: classes)
  }

  /// Adds a text's different words to a class, or with −1 takes them away.
  mutating func add(_ features: [Int32], to label: Int, _ sign: Int) {
    for bin in features {
      let bin = Int(bin)
      if totals[bin] == 0 { vocabulary += 1 }
      counts[label * bins + bin] += Int32(sign)
      totals[bin] += Int32(sign)
      if totals[bin] == 0 { vocabulary -= 1 }
    }
    sizes[label] += sign * features.count
    size += sign * features.count
    texts += sign
  }

  /// How much a word speaks for a class.
  func weight(_ bin: Int32, _ label: Int) -> Double {
    let bin = Int(bin)
    guard totals[bin] > 0 else { return 0 }
    let rarity = logarithm(Double(texts + 1) / Double(totals[bin]))
    let others = Double(totals[bin] - counts[label * bins + bin]) + Self.smoothing
    let all = Double(size - sizes[label]) + Self.smoothing * Double(vocabulary)
    return -rarity * logarithm(others / all)
  }

  /// The score of each class: the mean weight of the words.
  func scores(_ features: [Int32]) -> [Double] {
    let norm = Double(max(1, features.count)).squareRoot()
    return (0..<classes).map { label in
      features.reduce(0) { $0 + weight($1, label) } / norm
    }
  }
}

/// Scores made probabilities by one temperature (Guo, Pleiss, Sun and Weinberger 2017).
enum Calibration {
  /// The probabilities of classes at a temperature.
  static func probabilities(_ scores: [Double], _ temperature: Double) -> [Double] {
    let most = scores.max() ?? 0
    let powers = scores.map { exp(($0 - most) / temperature) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// The temperature under which the labels are likeliest, by golden section over its logarithm.
  static func temperature(_ scores: [[Double]], _ labels: [Int]) -> Double {
    func loss(_ logTemperature: Double) -> Double {
      zip(scores, labels).reduce(0) { sum, item in
        let probability = probabilities(item.0, exp(logTemperature))[item.1]
        return sum - logarithm(max(probability, 1e-12))
      }
    }
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (-6.0, 8.0)
    for _ in 0..<40 {
      let (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
      if loss(left) < loss(right) { high = right } else { low = left }
    }
    return exp((low + high) / 2)
  }
}
