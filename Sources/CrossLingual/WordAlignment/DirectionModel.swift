// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A model of one direction: how the words of a target sentence come from those of the source, each from one or from none.
struct DirectionModel: Sendable {
  /// How places are chosen.
  enum Order: Sendable, Equatable {
    /// All places alike: IBM Model 1.
    case any
    /// Near the diagonal, exp(-λ |i/I - j/J|): Model 2 as in fast_align (Dyer and others, 2013).
    case diagonal(tension: Double)
    /// By the jump from the last word's place: an HMM.
    case jumps(JumpModel)
  }

  /// p(t | s).
  var lexicon: LexicalTable
  /// How places are chosen.
  var order: Order
  /// The prior probability that a target word comes from no source word.
  var emptyProbability: Double
  /// What lexicons of words know from those of stems; nil without.
  var stems: StemBackoff?

  /// What a pair has that nothing speaks for.
  static let floor = 1e-9

  /// The probability of a target word of a source word with which it never occurred, see ``AlignmentVocabulary/number(_:)``.
  func unseen(_ source: Int32, _ target: Int32) -> Double {
    max(stems?.probability(source, target) ?? 0, Self.floor)
  }

  /// The prior of each choice of a target word; the empty word comes last.
  func preference(_ row: Int, _ rows: Int, _ count: Int) -> [Double] {
    var result = [Double](repeating: (1 - emptyProbability) / Double(max(1, count)), count: count)
    if case .diagonal(let tension) = order {
      var total = 0.0
      for place in 0..<count {
        let distance = abs(
          Double(place + 1) / Double(count) - Double(row + 1) / Double(rows))
        result[place] = exp(-tension * distance)
        total += result[place]
      }
      for place in 0..<count { result[place] *= (1 - emptyProbability) / total }
    }
    result.append(emptyProbability)
    return result
  }
}
