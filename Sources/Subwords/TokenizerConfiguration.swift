// SPDX-License-Identifier: Apache-2.0

import Foundation

/// All stages of a tokenizer with their settings, as tokenizer.json describes them.
public struct TokenizerConfiguration: Sendable {
  /// Tokens found in text before the model sees it.
  public var addedTokens: [AddedToken]
  /// The first stage; nil leaves text as it is.
  public var normalizer: Normalizer?
  /// The second; nil gives the model the whole text.
  public var preTokenizer: PreTokenizer?
  /// The model.
  public var model: SubwordModel
  /// What is put around texts.
  public var postProcessor: PostProcessor
  /// How pieces become text again; nil joins them with spaces.
  public var decoder: PieceDecoder?
  /// The truncation that the file asks for.
  public var truncation: Truncation?
  /// The padding that the file asks for.
  public var padding: Padding?
  /// How the ids of a SentencePiece model are numbered anew; nil keeps them.
  var idMap: SentencePieceIDs?
  /// Whether added tokens that stand literally in text are found there; SentencePiece does not.
  public var findsAddedTokens = true
  /// Set where the model decodes as SentencePiece does.
  var sentencePieceDecoding: SentencePieceDecoding?
  /// The SentencePiece model that the stages were made of.
  public internal(set) var sentencePiece: SentencePieceModel?

  /// Makes a configuration.
  public init(
    addedTokens: [AddedToken] = [], normalizer: Normalizer? = nil,
    preTokenizer: PreTokenizer? = nil, model: SubwordModel, postProcessor: PostProcessor = .plain,
    decoder: PieceDecoder? = nil, truncation: Truncation? = nil, padding: Padding? = nil
  ) {
    self.addedTokens = addedTokens
    self.normalizer = normalizer
    self.preTokenizer = preTokenizer
    self.model = model
    self.postProcessor = postProcessor
    self.decoder = decoder
    self.truncation = truncation
    self.padding = padding
  }

  /// One more than the largest id of the model.
  var modelSize: Int { model.pieces.count + (idMap?.shift ?? 0) }

  func publicID(_ id: Int32) -> Int32 { idMap?.publicID(id) ?? id }

  func modelIndex(of id: Int32) -> Int? {
    let index = Int(idMap?.modelID(id) ?? id)
    let pieces = model.pieces
    return pieces.indices.contains(index) && !pieces[index].isEmpty ? index : nil
  }
}
