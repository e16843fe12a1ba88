// SPDX-License-Identifier: Apache-2.0

import Subwords
import WordVectors

/// FOCUS: a new piece's row is mixed of those of similar pieces that both vocabularies have, by static vectors of the new
/// vocabulary's own pieces.
///
/// The text is cut by the new vocabulary and its pieces get word vectors with character n-grams (CBOW; the pieces are the
/// words). With x the vector of a new piece and O the pieces in common that have one, the weights are
/// sparsemax over o in O of cos(x, o): most are 0. Pieces in common keep their rows. Pieces that the text has less
/// often than ``leastCount`` times are drawn.
///
/// - Requires: text of the new language, and pieces in common that it uses; no other resource.
/// - Cost: training the vectors (a minute for ten million pieces), then new pieces times pieces in common.
/// - Source: Dobler and de Melo, FOCUS: Effective Embedding Initialization for Monolingual Specialization of Multilingual
///   Models, 2023. They compare with O of the whole of both vocabularies; for an extension O is the old pieces in the text.
public struct FocusInitialization: EmbeddingInitialization {
  /// Calls its argument with each line of the text.
  public typealias Lines = ((String) throws -> Void) throws -> Void

  /// Numbers in an auxiliary vector; 300.
  public var dimension = 300
  /// Passes over the text; 3.
  public var epochs = 3
  /// Pieces that the text has less often have no vector; 10.
  public var leastCount = 10
  /// Seeds the vectors.
  public var seed: UInt64 = 1
  /// Threads that learn the vectors; their number changes no bit.
  public var threads = 1

  private let lines: Lines
  private let engine: any MatrixEngine

  /// An initialisation.
  ///
  /// - Parameters:
  ///   - engine: what multiplies matrices.
  ///   - lines: the text of the new language.
  public init(engine: any MatrixEngine, lines: @escaping Lines) {
    (self.engine, self.lines) = (engine, lines)
  }

  /// Learns the vectors and mixes.
  ///
  /// - Throws: `RecipeError` where no piece in common has a vector; `WordVectorError` where there is too little text.
  public func mixtures(
    for change: VocabularyChange, progress: (String) -> Void
  ) throws -> [RowMixture] {
    progress("cutting the text into new pieces")
    let text = WordVectors.TrainingText()
    let language = text.language(named: "")
    let pieces = change.new.piecesByID
    try lines { line in
      let ids = change.new.ids(of: line, addsSpecialTokens: false)
      let words = ids.map { pieces[Int($0)] }.joined(separator: " ") + "\n"
      var bytes = words
      try bytes.withUTF8 { try text.append($0, language: language) }
    }
    progress("learning vectors of pieces")
    let model = try trainer.train(text).model(of: 0)
    return try Self.mixtures(for: change, engine: engine, progress: progress) { id in
      model.dictionary.index(of: pieces[id]).map { _ in model.vector(ofWord: pieces[id]) }
    }
  }

  private var trainer: EmbeddingTrainer {
    var trainer = EmbeddingTrainer()
    trainer.arguments.task = .cbow
    trainer.arguments.dimension = dimension
    trainer.arguments.epochs = epochs
    trainer.arguments.minimumCount = leastCount
    trainer.arguments.negatives = 10
    // Pieces are short and few: so many rows hold their n-grams without many meetings.
    trainer.arguments.buckets = 200_000
    (trainer.seed, trainer.threads, trainer.isDeterministic) = (seed, threads, true)
    return trainer
  }

  /// The mixtures by vectors that are there.
  ///
  /// - Parameter vector: the vector of a piece of the new vocabulary, by its id; nil where it has none.
  public static func mixtures(
    for change: VocabularyChange, engine: any MatrixEngine, progress: (String) -> Void,
    vector: (Int) -> [Float]?
  ) throws -> [RowMixture] {
    let known = change.newTexts.indices.compactMap { id -> (id: Int, vector: [Float])? in
      guard change.newTexts[id] != nil else { return nil }
      return vector(id).map { (id, $0) }
    }
    let width = known.first?.vector.count ?? 0
    let common = PieceVectors(known.filter { change.same[$0.id] != nil }, width: width)
    guard !common.ids.isEmpty else {
      throw RecipeError(
        .data,
        "expected pieces of the text that both vocabularies have and that come often enough for a vector, found none; give "
          + "more text, or use --initialization mean")
    }
    let added = change.added
    let isAdded = Set(added.filter { change.same[$0] == nil })
    let new = PieceVectors(known.filter { isAdded.contains($0.id) }, width: width)
    progress("comparing \(new.ids.count) new pieces with \(common.ids.count) that both have")
    var mixed: [Int: RowMixture] = [:]
    try new.forEachCosines(to: common, engine: engine) { place, cosines in
      mixed[new.ids[place]] = .mixed(
        Sparsemax.shares(of: cosines).compactMap { entry in
          change.same[common.ids[entry.place]].map { RowMixture.Share($0, entry.share) }
        })
    }
    return added.map { id in change.same[id].map { .copied($0) } ?? mixed[id] ?? .drawn }
  }
}
