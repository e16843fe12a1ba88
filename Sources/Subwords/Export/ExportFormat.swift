// SPDX-License-Identifier: Apache-2.0

/// The file formats that a vocabulary can be written in.
public enum ExportFormat: String, Sendable, CaseIterable {
  /// A SentencePiece `.model`.
  case sentencePiece = "sentencepiece"
  /// The table beside a SentencePiece model: a piece, a tab and its score a line.
  case vocab
  /// All stages, as Hugging Face `tokenizers` reads them.
  case tokenizerJSON = "tokenizer.json"
  /// The pieces of a WordPiece model, one a line, as BERT has them.
  case vocabText = "vocab.txt"

  /// The format that a file's name tells; nil where it ends in nothing known.
  public init?(path: String) {
    let ending = path.split(separator: "/").last?.split(separator: ".").last
    switch ending {
    case "model": self = .sentencePiece
    case "vocab": self = .vocab
    case "json": self = .tokenizerJSON
    case "txt": self = .vocabText
    default: return nil
    }
  }

  /// The file's contents.
  ///
  /// A SentencePiece model becomes a tokenizer.json as ``TokenizerConfiguration/asTokenizerJSONStages()`` says.
  ///
  /// - Throws: ``SubwordError/Code/unsupported`` where the format cannot hold what the tokenizer does.
  public func contents(for tokenizer: Tokenizer) throws(SubwordError) -> [UInt8] {
    let configuration = tokenizer.configuration
    switch self {
    case .tokenizerJSON:
      return try configuration.json.serialized
    case .sentencePiece:
      return try Self.sentencePiece(configuration).serialized
    case .vocab:
      let model = try Self.sentencePiece(configuration)
      try Self.checkLines(model.pieces, self)
      return model.vocabularyTable
    case .vocabText:
      guard case .wordPiece(let model) = configuration.model else {
        throw SubwordError(
          .unsupported,
          "expected a WordPiece model to write as \(rawValue), found one of kind \(configuration.model.name)"
        )
      }
      try Self.checkLines(model.vocabulary.pieces, self)
      return model.vocabulary.pieces.flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] }
    }
  }

  private static func sentencePiece(
    _ configuration: TokenizerConfiguration
  ) throws(SubwordError) -> SentencePieceModel {
    guard let model = configuration.sentencePiece else {
      throw SubwordError(
        .unsupported,
        "expected a vocabulary that SentencePiece made to write as its model, found one of tokenizer.json or "
          + "vocab.txt")
    }
    return model
  }

  private static func checkLines(
    _ pieces: [String], _ format: ExportFormat
  ) throws(SubwordError) {
    guard let index = pieces.firstIndex(where: { $0.utf8.contains(UInt8(ascii: "\n")) }) else {
      return
    }
    throw SubwordError(
      .unsupported,
      "expected pieces without a line feed to write as \(format.rawValue), found piece \(index)")
  }
}
