// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation

/// Texts as weighted counts of their words and pairs of neighbouring words: what every method for text is to be compared with.
///
/// A word that comes n times weighs (1 + ln n) · (1 + ln((1 + texts) / (1 + texts with it))), and a text has length one, as
/// scikit-learn's `TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2))` has it. Words are `WordSplitter`'s, which in scripts
/// without spaces are pairs of letters already.
public struct BagOfWords: Sendable {
  private let numbers: [String: Int32]
  private let weights: [Double]

  /// Learns the words and pairs that come in enough texts.
  ///
  /// - Parameter minimumTexts: how many texts a word must be in; 2.
  public init(learningFrom texts: [String], minimumTexts: Int = 2) {
    var places: [String: Int32] = [:]
    var order: [(term: String, texts: Int)] = []
    for text in texts {
      for term in Set(Self.terms(of: text)) {
        if let place = places[term] {
          order[Int(place)].texts += 1
        } else {
          places[term] = Int32(order.count)
          order.append((term, 1))
        }
      }
    }
    // Sorted: the order in which a set is walked changes from run to run.
    let kept = order.filter { $0.texts >= minimumTexts }
      .sorted { $0.term.utf8.lexicographicallyPrecedes($1.term.utf8) }
    var numbers: [String: Int32] = [:]
    var weights: [Double] = []
    for (number, item) in kept.enumerated() {
      numbers[item.term] = Int32(number)
      weights.append(log(Double(1 + texts.count) / Double(1 + item.texts)) + 1)
    }
    self.numbers = numbers
    self.weights = weights
  }

  /// How many words and pairs there are.
  public var count: Int { weights.count }

  /// Texts as rows of weights, each of length one; one without any known word is all zeros.
  public func rows(_ texts: [String]) -> SparseRows {
    var rows = SparseRows(width: count)
    for text in texts {
      var counts: [Int32: Int] = [:]
      for term in Self.terms(of: text) {
        if let number = numbers[term] { counts[number, default: 0] += 1 }
      }
      let terms = counts.sorted { $0.key < $1.key }.map { number, count in
        (number, (1 + log(Double(count))) * weights[Int(number)])
      }
      let length = terms.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
      rows.append(terms.map { ($0.0, $0.1 / max(length, .leastNormalMagnitude)) })
    }
    return rows
  }

  /// Words and pairs of neighbours, a space between; a space is in no word.
  private static func terms(of text: String) -> [String] {
    let words = WordSplitter.words(of: text)
    return words + zip(words, words.dropFirst()).map { "\($0) \($1)" }
  }
}

/// Rows that are zero nearly everywhere.
public struct SparseRows: Sendable {
  /// Numbers in a row.
  public let width: Int
  /// Where each row's numbers begin, and where the last one's end.
  public private(set) var starts = [0]
  /// The place of each number in its row.
  public private(set) var columns: [Int32] = []
  /// The numbers that are not zero.
  public private(set) var values: [Double] = []

  /// No rows yet.
  public init(width: Int) { self.width = width }

  /// How many rows there are.
  public var count: Int { starts.count - 1 }

  /// Appends a row: places in rising order, with their numbers.
  public mutating func append(_ row: [(column: Int32, value: Double)]) {
    for (column, value) in row {
      columns.append(column)
      values.append(value)
    }
    starts.append(columns.count)
  }
}
