// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How languages are to share one vocabulary: so that all need about as many tokens to say the same (Petrov and others,
/// 2023, “Language Model Tokenizers Introduce Unfairness Between Languages”).
///
/// After each round of training the tokens of each language are compared with what it has to say, and a language that
/// needs more of them than others counts more in the next round. The pieces it would have lost are then lost by those
/// that can spare them.
public struct ParityGoal: Sendable, Equatable {
  /// What each language has to say, in the text's order.
  ///
  /// For parallel text the number of its lines, of which each says the same. Empty where the text is not parallel; then a language is measured by how many tokens it needed with all
  /// candidates, which is the best it can do.
  public var contents: [Double]
  /// The language that others are compared with, by its number; nil for none.
  public var pivot: Int?
  /// How hard each round pulls: 0 not at all, 1 in one go.
  public var strength: Double
  /// How much more or less than at first a language may count.
  public var bound: Double
  /// The weight of the pivot, which stays as it is: below 1 it pays some of what others gain.
  public var pivotWeight: Double

  /// Makes a goal.
  public init(
    contents: [Double] = [], pivot: Int? = nil, strength: Double = 0.6, bound: Double = 16,
    pivotWeight: Double = 0.87
  ) {
    self.contents = contents
    self.pivot = pivot
    self.strength = strength
    self.bound = bound
    self.pivotWeight = pivotWeight
  }

  /// The weights for the next round.
  func weights(_ weights: [Double], tokens: [Int64], first: [Int64]) -> [Double] {
    let needs = tokens.indices.map { index -> Double in
      let content = contents.isEmpty ? Double(first[index]) : contents[index]
      return tokens[index] > 0 && content > 0 ? log(Double(tokens[index]) / content) : .nan
    }
    let known = needs.filter { !$0.isNaN }
    guard !known.isEmpty else { return weights }
    let mean = known.reduce(0, +) / Double(known.count)
    var logs = weights.indices.map { index in
      log(weights[index]) + (needs[index].isNaN ? 0 : strength * (needs[index] - mean))
    }
    let center = logs.reduce(0, +) / Double(logs.count)
    for index in logs.indices {
      logs[index] = min(max(logs[index] - center, -log(bound)), log(bound))
    }
    if let pivot { logs[pivot] = log(pivotWeight) }
    return logs.map { exp($0) }
  }
}
