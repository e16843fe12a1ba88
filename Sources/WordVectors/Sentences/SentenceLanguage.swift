// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A language's words with their vectors and counts, in a space that other languages share.
public struct SentenceLanguage: Sendable {
  /// The language's code.
  public let name: String
  /// Its words.
  public let words: VectorTable
  /// How often each word came in its text.
  public let counts: [Int]
  /// Words of the text that was counted, those without a vector with them.
  public let total: Int
  /// What stands for words that have no vector of their own; nil where nothing does.
  public let subwords: SubwordTable?
  /// What all its sentences have in common, a direction of length 1 that is taken out; nil where it stays.
  public var component: [Float]?

  /// A language from its parts.
  ///
  /// - Parameter total: All words of the text; nil for the sum of `counts`.
  /// - Throws: `WordVectorError.Code.argument` where their numbers do not fit together.
  public init(
    name: String, words: VectorTable, counts: [Int], total: Int? = nil,
    subwords: SubwordTable? = nil, component: [Float]? = nil
  ) throws(WordVectorError) {
    guard counts.count == words.count, counts.allSatisfy({ $0 >= 0 }) else {
      throw WordVectorError(
        .argument, "the words of '\(name)' and their counts do not fit together",
        expected: "\(words.count) counts, none below 0", found: "\(counts.count)")
    }
    let widths = [subwords?.vectors.columns, component?.count].compactMap(\.self)
    guard widths.allSatisfy({ $0 == words.dimension }) else {
      throw WordVectorError(
        .argument, "the vectors of '\(name)' differ in length",
        expected: "\(words.dimension) numbers",
        found: widths.map(String.init).joined(separator: ", "))
    }
    self.name = name
    self.words = words
    self.counts = counts
    self.total = max(total ?? 0, counts.reduce(0, +), 1)
    self.subwords = subwords
    self.component = component
  }

  /// How much a word counts in a sentence: `a / (a + p)`, p its share of the text.
  func weight(_ row: Int, _ smoothing: Double) -> Float {
    Float(smoothing / (smoothing + Double(counts[row]) / Double(total)))
  }

  /// The logarithm of how likely a word is in this language, a word that it does not have with half an occurrence.
  func logLikelihood(_ row: Int?) -> Double {
    let count = row.map { Double(counts[$0]) } ?? 0
    return log((count + 0.5) / (Double(total) + 0.5 * Double(words.count + 1)))
  }
}
