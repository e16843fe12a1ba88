// SPDX-License-Identifier: Apache-2.0

import Tasks

/// Chooses how weak a classifier's penalty is, C: that of the recipe, else the one that is right most often on development data.
enum PenaltySearch {
  /// Penalties that are tried, from strong to weak; each fit starts where the last one ended.
  static let inversePenalties = [1.0, 3, 10, 30, 100, 300]

  /// The fitted classifier with its penalty.
  ///
  /// - Parameters:
  ///   - fixed: the recipe's penalty.
  ///   - standard: the one that is taken where there is neither a fixed one nor development data.
  ///   - labels: those of the development rows; nil where there are none.
  ///   - fit: a classifier for a penalty, from another one's solution on.
  ///   - predict: a classifier's probabilities of the development rows.
  static func fit<Fitted>(
    fixed: Double?, standard: Double, labels: [Int]?,
    fit: (_ penalty: Double, _ start: Fitted?) throws -> Fitted,
    predict: (Fitted) throws -> [[Float]]
  ) throws -> (fitted: Fitted, penalty: Double, isChosen: Bool) {
    guard fixed == nil, let labels else {
      let penalty = fixed ?? standard
      return (try fit(penalty, nil), penalty, false)
    }
    var best: (fitted: Fitted, penalty: Double, right: Int)?
    var last: Fitted?
    for penalty in inversePenalties {
      let candidate = try fit(penalty, last)
      last = candidate
      let right = zip(try predict(candidate), labels).filter { row, label in
        row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 } == label
      }.count
      if right > best?.right ?? -1 { best = (candidate, penalty, right) }
    }
    guard let best else { throw RecipeError(.data, "no head was fitted") }
    return (best.fitted, best.penalty, true)
  }
}
