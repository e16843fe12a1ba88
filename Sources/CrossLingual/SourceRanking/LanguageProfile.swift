// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a sample of a language's text consists of: words, subword pieces, runs of three letters, scripts.
///
/// Only counts are kept. How text is cut into words and pieces is the caller's choice, one for all languages that are compared.
public struct LanguageProfile: Sendable {
  /// Texts that were counted.
  public private(set) var rowCount = 0
  /// Words, each as often as it occurs.
  public private(set) var wordCount = 0
  /// Subword pieces, each as often as it occurs.
  public private(set) var pieceCount = 0
  /// Pieces that stand for text the vocabulary does not have.
  public private(set) var unknownCount = 0
  /// Letters by script, as "Latn".
  public private(set) var scripts: [String: Int] = [:]

  private var words: Set<String> = []
  private var pieces: Set<Int32> = []
  private var trigrams: [Trigram: Int] = [:]

  private struct Trigram: Hashable {
    var first: UInt32
    var second: UInt32
    var third: UInt32
  }

  /// A profile of no text.
  public init() {}

  /// Counts a text.
  ///
  /// - Parameters:
  ///   - words: its words, case folded.
  ///   - pieces: the ids of its subword pieces, without special tokens.
  ///   - unknown: the id of the unknown piece.
  ///   - scripts: its letters by script.
  public mutating func add(
    words: [String], pieces: [Int32], unknown: Int32?, scripts: [String: Int]
  ) {
    rowCount += 1
    wordCount += words.count
    pieceCount += pieces.count
    self.words.formUnion(words)
    for piece in pieces {
      if piece == unknown { unknownCount += 1 } else { self.pieces.insert(piece) }
    }
    self.scripts.merge(scripts, uniquingKeysWith: +)
    let space = UInt32(0x20)
    var run = Trigram(first: space, second: space, third: space)
    for scalar in words.joined(separator: " ").unicodeScalars {
      run = Trigram(first: run.second, second: run.third, third: scalar.value)
      trigrams[run, default: 0] += 1
    }
  }

  /// Different words.
  public var typeCount: Int { words.count }

  /// Different words to a word, from 0 to 1.
  public var typeTokenRatio: Double { Double(typeCount) / Double(max(1, wordCount)) }

  /// Subword pieces to a word: 1 where the vocabulary has every word, more the less it knows the language.
  public var fertility: Double { Double(pieceCount) / Double(max(1, wordCount)) }

  /// The share of pieces that are unknown.
  public var unknownShare: Double { Double(unknownCount) / Double(max(1, pieceCount)) }

  /// The script of most letters; nil where there are none.
  public var mainScript: String? {
    scripts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// The share of letters in a script.
  public func share(ofScript script: String) -> Double {
    Double(scripts[script] ?? 0) / Double(max(1, scripts.values.reduce(0, +)))
  }

  /// The features of text of this language as the source of another.
  public func features(forTarget target: LanguageProfile) -> [SourceFeature: Double] {
    var features: [SourceFeature: Double] = [:]
    features[.wordOverlap] = Self.overlap(words, target.words)
    features[.pieceOverlap] = Self.overlap(pieces, target.pieces)
    features[.trigramOverlap] = trigramCosine(target)
    features[.scriptOverlap] = scripts.keys.sorted().reduce(0) {
      $0 + min(share(ofScript: $1), target.share(ofScript: $1))
    }
    features[.size] = Foundation.log(Double(max(1, rowCount)))
    let ratio = target.typeTokenRatio / max(typeTokenRatio, 1e-9)
    features[.typeTokenDistance] = (1 - ratio) * (1 - ratio)
    features[.fertility] = fertility
    return features
  }

  private static func overlap<Element>(_ first: Set<Element>, _ second: Set<Element>) -> Double {
    let shared =
      first.count < second.count
      ? first.count(where: second.contains) : second.count(where: first.contains)
    return 2 * Double(shared) / Double(max(1, first.count + second.count))
  }

  /// Sums are of integers, so that the order of a dictionary does not reach the result.
  private func trigramCosine(_ other: LanguageProfile) -> Double {
    var product = 0
    for (run, count) in trigrams { product += count * (other.trigrams[run] ?? 0) }
    let squares = [trigrams, other.trigrams].map { counts in
      Double(counts.values.reduce(0) { $0 + $1 * $1 })
    }
    return Double(product) / max(1, (squares[0] * squares[1]).squareRoot())
  }
}
