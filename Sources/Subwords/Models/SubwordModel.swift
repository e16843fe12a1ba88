// SPDX-License-Identifier: Apache-2.0

/// The model of a tokenizer: what cuts a stretch of normalised text into pieces.
public enum SubwordModel: Sendable {
  /// The most probable pieces.
  case unigram(Unigram)
  /// Byte-pair encoding: neighbours are merged in a learned order.
  case bytePair(BytePair)
  /// Greedy longest match, word by word.
  case wordPiece(WordPiece)
  /// Whole stretches: the words that a pre-tokeniser has cut, as in tokenizer.json.
  case wordLevel(WordLevel)
  /// SentencePiece's `word` and `char` models.
  case plain(PlainPieces)

  /// The pieces with their ids.
  public var vocabulary: Vocabulary {
    switch self {
    case .unigram(let model): model.vocabulary
    case .bytePair(let model): model.vocabulary
    case .wordPiece(let model): model.vocabulary
    case .wordLevel(let model): model.vocabulary
    case .plain(let model): model.vocabulary
    }
  }

  /// The pieces; the index is the model's id.
  public var pieces: [String] { vocabulary.pieces }

  /// The pieces' scores, index as in ``pieces``; empty for models without scores.
  public var scores: [Double] {
    switch self {
    case .unigram(let model): model.scores
    case .bytePair(let model): model.scores
    case .plain(let model): model.scores
    case .wordPiece, .wordLevel: []
    }
  }

  /// The kind of each piece; empty where all are normal, as in tokenizer.json.
  public var kinds: [PieceKind] {
    switch self {
    case .unigram(let model): model.kinds
    case .bytePair(let model): model.kinds
    case .plain(let model): model.kinds
    case .wordPiece, .wordLevel: []
    }
  }

  /// The id of the unknown piece; nil for a model that has none.
  public var unknownID: Int32? {
    switch self {
    case .unigram(let model): model.unknownID
    case .bytePair(let model): model.unknownID
    case .wordPiece(let model): model.unknownID
    case .wordLevel(let model): model.unknownID
    case .plain(let model): model.unknownID
    }
  }

  /// Whether unknown text becomes byte pieces.
  public var fallsBackToBytes: Bool {
    switch self {
    case .unigram(let model): model.fallsBackToBytes
    case .bytePair(let model): model.fallsBackToBytes
    case .plain(let model): model.fallsBackToBytes
    case .wordPiece, .wordLevel: false
    }
  }

  /// Whether nothing that the model does reaches across the mark of a space.
  var separatesWords: Bool {
    switch self {
    case .unigram(let model): model.separatesWords
    case .bytePair(let model): model.separatesWords
    case .wordPiece, .wordLevel, .plain: false
    }
  }

  /// The name of the algorithm: `unigram`, `bpe`, `wordpiece`, `wordlevel`, `word` or `char`.
  public var name: String {
    switch self {
    case .unigram: "unigram"
    case .bytePair: "bpe"
    case .wordPiece: "wordpiece"
    case .wordLevel: "wordlevel"
    case .plain(let model): model.cutsWords ? "word" : "char"
    }
  }

  /// The id of a piece; nil if there is none.
  public func id(of piece: String) -> Int32? { vocabulary.id(of: piece) }
}
