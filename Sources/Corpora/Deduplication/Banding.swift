// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How a sketch is cut into bands: texts that agree in all rows of some band are compared.
///
/// Texts of a Jaccard coefficient s meet with the probability 1 − (1 − sʳ)ᵇ for b bands of r rows (Leskovec,
/// Rajaraman and Ullman, Mining of Massive Datasets, 3.4): an S-curve that is steepest near (1/b)^(1/r).
public struct Banding: Sendable, Equatable {
  /// How many bands.
  public let bands: Int
  /// How many rows in each.
  public let rows: Int

  /// So many bands of so many rows.
  public init(bands: Int, rows: Int) {
    precondition(bands > 0 && rows > 0)
    self.bands = bands
    self.rows = rows
  }

  /// The fewest comparisons that still find texts at a threshold: the most rows for which they meet with a
  /// probability of 0.99 or more.
  public init(threshold: Double, places: Int) {
    let choices = (1...max(1, min(places, 64))).map { Banding(bands: places / $0, rows: $0) }
    self = choices.last { $0.probability(threshold) >= 0.99 } ?? choices[0]
  }

  /// The probability that texts of a Jaccard coefficient meet in some band.
  public func probability(_ likeness: Double) -> Double {
    1 - pow(1 - pow(likeness, Double(rows)), Double(bands))
  }

  /// The curve in a line: "0.5: 28 %, 0.6: 63 %, …".
  public var curve: String {
    stride(from: 3, through: 9, by: 1).map {
      let percent = (100 * probability(Double($0) / 10)).rounded()
      return "0.\($0): \(Int(percent)) %"
    }.joined(separator: ", ")
  }
}
