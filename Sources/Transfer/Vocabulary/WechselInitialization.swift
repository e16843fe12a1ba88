// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import Foundation
import Subwords
import WordVectors

/// WECHSEL: a new piece's row is mixed of those of the old pieces that mean nearly the same, by word vectors of both languages
/// in one space.
///
/// The word vectors of the new language are turned into the space of the old by the orthogonal map of a dictionary, unless they
/// are there already. Pieces of both vocabularies get vectors of them (``StaticWords``). With s the
/// cosine of a new piece and an old one, the row is the sum over the k nearest old pieces of their rows, weighted by
/// softmax(s / τ); k = 10 and τ = 0.1. Special tokens keep their rows, other pieces in common do not; a piece without a vector is drawn.
///
/// - Requires: word vectors of both languages, and a dictionary or a common space; the old ones in a language that the base knows
///   well, as English.
/// - Cost: cutting the words of both files, then new pieces times old pieces with a vector.
/// - Source: Minixhofer, Paischer and Rekabsaz, WECHSEL: Effective initialization of subword embeddings for cross-lingual transfer
///   of monolingual language models, 2022.
public struct WechselInitialization: EmbeddingInitialization {
  /// How many old pieces a new one is mixed of; 10.
  public var neighbors = 10
  /// The softmax's temperature; 0.1.
  public var temperature = 0.1

  private let new: StaticWords
  private let old: StaticWords
  private let dictionary: WordPairs?
  private let engine: any MatrixEngine

  /// An initialisation.
  ///
  /// - Parameters:
  ///   - new: word vectors of the new language.
  ///   - old: word vectors of a language that the base knows.
  ///   - dictionary: pairs of words, the new language's first; nil where both are in one space already.
  ///   - engine: what multiplies and decomposes matrices.
  /// - Throws: `RecipeError` where the vectors differ in their width.
  public init(
    new: StaticWords, old: StaticWords, dictionary: WordPairs?, engine: any MatrixEngine
  ) throws(RecipeError) {
    guard new.dimension == old.dimension else {
      throw RecipeError(
        .value,
        "expected word vectors of one width, found \(new.dimension) numbers for the new language and \(old.dimension) for the "
          + "old; train both with the same --dim")
    }
    (self.new, self.old, self.dictionary, self.engine) = (new, old, dictionary, engine)
  }

  /// Brings the spaces together and mixes.
  ///
  /// - Throws: `RecipeError` where the dictionary or the vectors have nothing to do with the vocabularies.
  public func mixtures(
    for change: VocabularyChange, progress: (String) -> Void
  ) throws -> [RowMixture] {
    let map = try dictionary.map { try self.map(by: $0, progress) }
    progress("cutting words into pieces")
    let added = change.added
    var texts = [PieceText?](repeating: nil, count: change.newTexts.count)
    for id in added where id < texts.count { texts[id] = change.newTexts[id] }
    let unmapped = new.vectors(of: change.new, texts)
    let targets = old.vectors(of: change.old, change.oldTexts)
    guard !unmapped.ids.isEmpty, !targets.ids.isEmpty else {
      throw RecipeError(
        .data,
        "expected words in the vectors that hold pieces of the vocabularies, found none for the \(unmapped.ids.isEmpty ? "new" : "old") "
          + "pieces; check which file is whose, and that words are written as in the text")
    }
    let sources = try map.map { try turned(unmapped, by: $0) } ?? unmapped
    progress("comparing \(sources.ids.count) new pieces with \(targets.ids.count) old ones")
    var mixed: [Int: RowMixture] = [:]
    try sources.forEachCosines(to: targets, engine: engine) { place, cosines in
      mixed[sources.ids[place]] = .mixed(shares(of: cosines, targets.ids))
    }
    return added.map { mixed[$0] ?? .drawn }
  }

  /// The rotation that brings the new language's words to their translations.
  private func map(by dictionary: WordPairs, _ progress: (String) -> Void) throws -> Matrix {
    var (left, right): ([[Float]], [[Float]]) = ([], [])
    var found = 0
    for pair in dictionary.pairs {
      let count = left.count
      for source in Self.spellings(pair.source) {
        guard let first = new.direction(of: source) else { continue }
        for target in Self.spellings(pair.target) {
          guard let second = old.direction(of: target) else { continue }
          left.append(first)
          right.append(second)
        }
      }
      if left.count > count { found += 1 }
    }
    guard !left.isEmpty else {
      throw RecipeError(
        .data,
        "expected pairs of the dictionary with both words in the vectors, found none of \(dictionary.pairs.count); the new "
          + "language's word comes first")
    }
    progress("turning the vectors by \(found) of \(dictionary.pairs.count) pairs")
    return try MapMethod.orthogonal.map(
      VectorMatrix(left), VectorMatrix(right), engine: engine
    ).source
  }

  /// A word as it stands, in small letters and with a capital, each once, as the paper's program looks it up.
  private static func spellings(_ word: String) -> [String] {
    var result: [String] = []
    for spelling in [word, word.lowercased(), word.capitalized]
    where !result.contains(where: { $0.utf8.elementsEqual(spelling.utf8) }) {
      result.append(spelling)
    }
    return result
  }

  private func turned(_ pieces: PieceVectors, by map: Matrix) throws -> PieceVectors {
    let width = map.rows
    let columns = map.transposed.elements.map { Float($0) }
    var rows: [(id: Int, vector: [Float])] = []
    try columns.withUnsafeBufferPointer { columns in
      try engine.withProduct(pieces.vectors.elements, columns, width: width) { product in
        for (place, id) in pieces.ids.enumerated() {
          rows.append((id, Array(product[place * width..<(place + 1) * width])))
        }
      }
    }
    return PieceVectors(rows, width: width)
  }

  /// The nearest pieces, the nearest first, with their shares; of equal ones the lower id.
  private func shares(
    of cosines: UnsafeMutableBufferPointer<Float>, _ ids: [Int]
  ) -> [RowMixture.Share] {
    var best: [(place: Int, cosine: Float)] = []
    for (place, cosine) in cosines.enumerated() {
      if best.count == neighbors, let last = best.last, cosine <= last.cosine { continue }
      let index = best.firstIndex { $0.cosine < cosine } ?? best.count
      best.insert((place, cosine), at: index)
      if best.count > neighbors { best.removeLast() }
    }
    let first = Double(best.first?.cosine ?? 0)
    let weights = best.map { exp((Double($0.cosine) - first) / temperature) }
    let sum = weights.reduce(0, +)
    return zip(best, weights).map { RowMixture.Share(ids[$0.place], $1 / sum) }
  }
}
