// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What an encoder's vector leaves out: which of its tokens, and pairs of neighbouring tokens, a text has.
///
/// A term that comes n times weighs (1 + ln n) · (1 + ln((1 + texts) / (1 + texts with it))), as in ``BagOfWords``. A text is
/// divided by the length of all its terms, those that training did not have among them: a text in another language, of which
/// few are known, has a short row, and leaves the decision to the vector beside it.
public struct TokenBag: Sendable {
  private let columns: [Int64: Int32]
  /// The terms in the order of their columns: a token, or two, the first of them plus one in the upper half.
  let terms: [Int64]
  /// The weight of each.
  let weights: [Double]
  /// The weight of a term that no kept one is.
  let unknownWeight: Double

  /// Learns the terms that come in enough texts; tokens are not negative.
  ///
  /// - Parameter minimumTexts: how many texts a term must be in; 2.
  public init(learningFrom rows: [[Int32]], minimumTexts: Int = 2) {
    var counts: [Int64: Int] = [:]
    for row in rows { for term in Set(Self.terms(of: row)) { counts[term, default: 0] += 1 } }
    // Sorted: the order in which a dictionary is walked changes from run to run.
    let kept = counts.filter { $0.value >= minimumTexts }.sorted { $0.key < $1.key }
    func weight(_ texts: Int) -> Double { log(Double(1 + rows.count) / Double(1 + texts)) + 1 }
    self.init(
      terms: kept.map(\.key), weights: kept.map { weight($0.value) }, unknownWeight: weight(1))
  }

  init(terms: [Int64], weights: [Double], unknownWeight: Double) {
    self.terms = terms
    self.weights = weights
    self.unknownWeight = unknownWeight
    columns = Dictionary(
      terms.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// How many terms there are.
  public var count: Int { terms.count }

  /// The known terms of a text by column, each times `scale`.
  public func row(_ tokens: [Int32], scale: Double = 1) -> [(column: Int32, value: Double)] {
    var counts: [Int64: Int] = [:]
    for term in Self.terms(of: tokens) { counts[term, default: 0] += 1 }
    var square = 0.0
    var known: [(column: Int32, value: Double)] = []
    // Sorted, so that what is added up does not depend on a dictionary's order; columns are in the terms' order too.
    for (term, count) in counts.sorted(by: { $0.key < $1.key }) {
      let column = columns[term]
      let value =
        (1 + log(Double(count))) * (column.map { weights[Int($0)] } ?? unknownWeight)
      square += value * value
      if let column { known.append((column, value)) }
    }
    let factor = square > 0 ? scale / square.squareRoot() : 0
    return known.map { ($0.column, $0.value * factor) }
  }

  /// Tokens, and pairs of neighbours.
  private static func terms(of row: [Int32]) -> [Int64] {
    let tokens = row.map { Int64(UInt32(bitPattern: $0)) }
    return tokens + zip(tokens, tokens.dropFirst()).map { ($0 + 1) << 32 | $1 }
  }
}
