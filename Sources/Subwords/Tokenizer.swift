// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A subword tokenizer: text to ids and back.
///
/// It runs text through normaliser, added tokens, pre-tokeniser, model and post-processor, as
/// described by ``TokenizerConfiguration``. It is immutable and may be used by many threads.
public final class Tokenizer: Sendable {
  /// The stages.
  public let configuration: TokenizerConfiguration
  let added: AddedVocabulary
  /// Added tokens outside the model and inside, by id.
  private let addedByID: [Int32: AddedToken]
  private let addedIDs: PieceTrie
  private let pieces: [String]
  /// Memory of threads that are done, for those to come: the words they know are kept.
  let scratches = Mutex<[ModelScratch]>([])
  /// Pieces of the model that text must not become where special tokens are not looked for.
  let specialPieces: Set<Int>
  /// The tokenizer without them, once it was asked for.
  let plainText = Mutex<Tokenizer?>(nil)

  /// Makes ids where there is nothing between SentencePiece's normaliser and the model.
  let sentencePiece: SentencePieceEncoder?
  /// Makes ids of simple text where the stages are those of SentencePiece's kin.
  let metaspace: MetaspaceEncoder?

  /// Whether ids depend on where in the text a stretch began before it was normalised.
  let needsAlignment: Bool

  /// Makes a tokenizer of its stages.
  public init(_ configuration: TokenizerConfiguration) throws(SubwordError) {
    self.configuration = configuration
    pieces = configuration.model.pieces
    specialPieces = Self.specialPieces(configuration)
    needsAlignment =
      configuration.normalizer != nil && configuration.preTokenizer?.asksForOrigin == true
    added = try AddedVocabulary(
      configuration.findsAddedTokens ? configuration.addedTokens : [],
      normalizer: configuration.normalizer)
    if case .sentencePiece(let normalizer) = configuration.normalizer,
      configuration.preTokenizer == nil, added.tokens.isEmpty
    {
      sentencePiece = SentencePieceEncoder(normalizer, configuration.model)
    } else {
      sentencePiece = nil
    }
    metaspace = sentencePiece == nil ? MetaspaceEncoder(configuration, added) : nil
    addedByID = Dictionary(
      configuration.addedTokens.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    addedIDs = try PieceTrie(
      configuration.addedTokens.map { (Array($0.content.utf8)[...], $0.id) })
  }

  /// Reads a tokenizer from a `tokenizer.json`, a SentencePiece `.model`, or a directory that holds
  /// one of them.
  ///
  /// In a directory `tokenizer.json` is preferred, then `sentencepiece.bpe.model` (with the ids of
  /// XLM-R), `spiece.model` and `tokenizer.model`.
  ///
  /// Throws a ``SubwordError`` that names the file and the place in it.
  public convenience init(contentsOf url: URL) throws(SubwordError) {
    try self.init(try TokenizerConfiguration(contentsOf: url))
  }

  /// The number of ids: model and added tokens; all ids are below it.
  public var vocabularySize: Int {
    let last = configuration.addedTokens.map { Int($0.id) + 1 }.max() ?? 0
    return max(last, configuration.modelSize)
  }

  /// The piece of an id; nil if there is none.
  public func piece(of id: Int32) -> String? {
    if let token = addedByID[id] { return token.content }
    return configuration.modelIndex(of: id).map { pieces[$0] }
  }

  /// The id of a piece, compared byte by byte; nil if there is none.
  public func id(of piece: String) -> Int32? {
    if let id = addedIDs.value(of: piece.utf8) { return id }
    return configuration.model.id(of: piece).map { configuration.publicID($0) }
  }

  /// Whether `id` is an added token that decoding may skip.
  public func isSpecial(_ id: Int32) -> Bool { addedByID[id]?.isSpecial ?? false }

  /// The id of `<pad>` or `[PAD]`.
  public var padID: Int32? { firstID("<pad>", "[PAD]") }
  /// The id of the unknown piece; nil where the model has none.
  public var unknownID: Int32? { configuration.model.unknownID.map { configuration.publicID($0) } }
  /// The id of `<mask>` or `[MASK]`.
  public var maskID: Int32? { firstID("<mask>", "[MASK]") }
  /// The id that stands in front of a text: `<s>` or `[CLS]`.
  public var beginID: Int32? { firstID("<s>", "[CLS]") }
  /// The id that stands behind a text: `</s>` or `[SEP]`.
  public var endID: Int32? { firstID("</s>", "[SEP]") }

  private func firstID(_ names: String...) -> Int32? {
    names.lazy.compactMap { self.id(of: $0) }.first
  }
}
