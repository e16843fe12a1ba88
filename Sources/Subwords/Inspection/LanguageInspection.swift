// SPDX-License-Identifier: Apache-2.0

import Foundation
import WritingSystems

/// What a vocabulary does to the text of one language.
public struct LanguageInspection: Sendable, Equatable, Codable {
  /// The language, as the data names it.
  public var language: String
  /// The script of most letters, by its ISO 15924 code; `Zyyy` where there are none.
  public var script: String
  /// Whether words are parted by spaces.
  ///
  /// Where most letters are of a script that does without (Chinese, Japanese,
  /// Thai, Lao, Khmer, Burmese, Tibetan, …), what white space parts is no word, and what counts words is nil.
  public var partsWords: Bool
  /// The number of sentences.
  public var sentences: Int
  /// Their length in bytes of UTF-8.
  public var bytes: Int
  /// Their length in Unicode scalars.
  public var scalars: Int
  /// How many stretches white space parts.
  public var words: Int
  /// The number of tokens.
  public var tokens: Int
  /// Tokens per word (Rust et al., 2021, "How Good is Your Tokenizer?").
  public var fertility: Estimate?
  /// Tokens per Unicode scalar.
  public var tokensPerCharacter: Estimate?
  /// Bytes of UTF-8 per token.
  public var bytesPerToken: Estimate?
  /// The share of tokens that are the unknown piece.
  public var unknownRate: Estimate?
  /// The share of scalars that the unknown piece swallowed.
  public var unknownCharacters: Double?
  /// The share of tokens that are bytes.
  public var byteRate: Estimate?
  /// The share of scalars that are spelled in bytes, after normalisation.
  public var byteCharacters: Double?
  /// The share of words that are one known token.
  public var wholeWords: Estimate?
  /// How many sentences have a counterpart in the pivot.
  public var pairs: Int
  /// Tokens divided by those of the pivot on the same sentences (Petrov et al., 2023, "Language Model Tokenizers
  /// Introduce Unfairness Between Languages"): 1 is parity, 2 costs twice as much.
  public var parity: Estimate?
  /// How evenly the pieces are used.
  public var entropy: PieceEntropy?
  /// How many different pieces are used.
  public var types: Int
  /// `types` as a share of the vocabulary.
  public var vocabularyShare: Double
  /// How many pieces no other language uses.
  public var ownTypes: Int
  /// The share of the tokens that are such pieces.
  public var ownTokens: Double
  /// The commonest of them.
  public var ownPieces: [PieceUse]

  init?(
    _ language: String, _ sums: LanguageSums, isPivot: Bool, vocabulary: Int, own: [PieceUse]
  ) {
    let counts = sums.counts
    guard counts[.sentences] > 0 else { return nil }
    self.language = language
    let letters = Script.all.filter { $0.isSpecific && sums.scripts[Int($0.rawValue)] > 0 }
    let total = letters.reduce(0) { $0 + sums.scripts[Int($1.rawValue)] }
    let unparted = letters.filter(\.runsOn).reduce(0) { $0 + sums.scripts[Int($1.rawValue)] }
    let main = letters.sorted().reduce(nil as Script?) { best, script in
      guard let best else { return script }
      return sums.scripts[Int(script.rawValue)] > sums.scripts[Int(best.rawValue)] ? script : best
    }
    script = (main ?? .common).code
    partsWords = unparted * 2 <= total
    sentences = counts[.sentences]
    bytes = counts[.bytes]
    scalars = counts[.scalars]
    words = counts[.words]
    tokens = counts[.tokens]
    fertility = partsWords ? sums.estimate(.tokens, .words) : nil
    tokensPerCharacter = sums.estimate(.tokens, .scalars)
    bytesPerToken = sums.estimate(.bytes, .tokens)
    unknownRate = sums.estimate(.unknown, .tokens)
    unknownCharacters = sums.ratio(.unknownScalars, .scalars)
    byteRate = sums.estimate(.byteTokens, .tokens)
    byteCharacters = sums.ratio(.byteScalars, .scalars)
    wholeWords = partsWords ? sums.estimate(.wholeWords, .words) : nil
    pairs = counts[.pairs]
    parity = isPivot ? Estimate(1) : sums.estimate(.pairedTokens, .pivotTokens)
    entropy = PieceEntropy(Array(sums.pieces.values))
    types = sums.pieces.count
    vocabularyShare = vocabulary > 0 ? Double(types) / Double(vocabulary) : 0
    ownTypes = own.count
    ownTokens = tokens > 0 ? Double(own.reduce(0) { $0 + $1.count }) / Double(tokens) : 0
    ownPieces = Array(own.prefix(Self.ownLimit))
  }

  /// How many of a language's own pieces are named.
  public static let ownLimit = 24
}

/// A piece and how often it was used.
public struct PieceUse: Sendable, Equatable, Codable {
  /// Its id.
  public var id: Int32
  /// The piece as it stands in the vocabulary.
  public var piece: String
  /// How often it was used.
  public var count: Int
}

/// How evenly pieces are used: entropies of their relative frequencies.
public struct PieceEntropy: Sendable, Equatable, Codable {
  /// Shannon's entropy in bits.
  public var shannon: Double
  /// Shannon's entropy divided by the most that so many different pieces could have; nil for one piece alone.
  public var shannonEfficiency: Double?
  /// Rényi's entropy of order 2.5 in bits, which over-frequent pieces lower most.
  public var renyi: Double
  /// Rényi's entropy of order 2.5 divided by the most that so many different pieces could have (Zouhar et al.,
  /// 2023, "Tokenization and the Noiseless Channel"), as their scorer does; nil for one piece alone.
  ///
  /// It falls as text grows, so compare it on the same text.
  public var renyiEfficiency: Double?

  /// The entropies of counts; nil where there are none.
  init?(_ counts: [Int]) {
    // Sorted, so that sums round the same way each time.
    let counts = counts.filter { $0 > 0 }.sorted()
    let total = Double(counts.reduce(0, +))
    guard total > 0 else { return nil }
    let alpha = 2.5
    var (plain, powers) = (0.0, 0.0)
    for count in counts {
      let share = Double(count) / total
      plain -= share * log2(share)
      powers += pow(share, alpha)
    }
    shannon = max(0, plain)
    renyi = max(0, log2(powers) / (1 - alpha))
    guard counts.count > 1 else { return }
    let most = log2(Double(counts.count))
    shannonEfficiency = shannon / most
    renyiEfficiency = renyi / most
  }
}
