// SPDX-License-Identifier: Apache-2.0

/// What a piece stands for, whatever its vocabulary marks words with: the bytes of text, and whether a word begins with it.
///
/// “▁house” of SentencePiece, “Ġhouse” of byte-level BPE and “house” of WordPiece are the same text at the beginning of a
/// word; “house”, “house” and “##house” the same inside one. So pieces of vocabularies of different kinds can be compared.
public struct PieceText: Sendable, Hashable {
  /// Whether a word begins with the piece.
  public var startsWord: Bool
  /// The text without marks, in UTF-8; of a byte-level piece it may be a part of a character.
  public var bytes: [UInt8]

  /// A text.
  public init(_ text: String, startsWord: Bool) {
    self.init(bytes: Array(text.utf8), startsWord: startsWord)
  }

  init(bytes: [UInt8], startsWord: Bool) {
    self.bytes = bytes
    self.startsWord = startsWord
  }

  /// The text; nil where it is a part of a character.
  public var text: String? { String(validating: bytes, as: UTF8.self) }
}

extension Tokenizer {
  /// How pieces show where words begin.
  private enum Marking {
    /// U+2581 before what begins a word.
    case spaces
    /// Bytes as visible scalars, a space among them.
    case bytes
    /// A prefix before what goes on inside a word.
    case continuing(String)
  }

  private var marking: Marking? {
    if case .wordPiece(let model) = configuration.model {
      return .continuing(model.continuingPrefix)
    }
    if configuration.preTokenizer?.spellsBytes == true { return .bytes }
    return configuration.marksSpaces ? .spaces : nil
  }

  /// Whether pieces show where words begin, so that they can be compared with those of other vocabularies.
  public var showsWords: Bool { marking != nil }

  /// What each id's piece stands for, in the order of the ids; nil for added tokens, bytes, the unknown piece and pieces
  /// that are not used, and for all where ``showsWords`` is false.
  public var pieceTexts: [PieceText?] {
    guard let marking else { return [PieceText?](repeating: nil, count: vocabularySize) }
    let special = Set(configuration.addedTokens.map(\.id))
    let kinds = configuration.model.kinds
    return (0..<Int32(clamping: vocabularySize)).map { id in
      guard !special.contains(id), id != unknownID, let index = configuration.modelIndex(of: id),
        kinds.isEmpty || [.normal, .userDefined].contains(kinds[index])
      else { return nil }
      let piece = configuration.model.pieces[index]
      guard !piece.utf8.elementsEqual(TokenizerConfiguration.unusedPiece(Int(id)).utf8) else {
        return nil
      }
      return Self.text(of: piece, marking)
    }
  }

  private static func text(of piece: String, _ marking: Marking) -> PieceText? {
    let bytes = Array(piece.utf8)
    switch marking {
    case .spaces:
      let mark = SentencePieceNormalizer.mark
      let starts = bytes.starts(with: mark)
      return PieceText(
        bytes: starts ? Array(bytes[mark.count...]) : bytes, startsWord: starts)
    case .bytes:
      var plain: [UInt8] = []
      for scalar in piece.unicodeScalars {
        guard let byte = ByteLevel.byte(of: scalar.value) else { return nil }
        plain.append(byte)
      }
      let starts = plain.first == 0x20
      return PieceText(bytes: starts ? Array(plain.dropFirst()) : plain, startsWord: starts)
    case .continuing(let prefix):
      let prefix = Array(prefix.utf8)
      let goesOn = bytes.count > prefix.count && bytes.starts(with: prefix)
      return PieceText(
        bytes: goesOn ? Array(bytes[prefix.count...]) : bytes, startsWord: !goesOn)
    }
  }

  /// The ids that a text becomes where it stands in running text, without special tokens: at the beginning of a word or
  /// inside one.
  ///
  /// The text goes through the normaliser first. Ids may be the unknown piece's; there is none where the text is a part of a
  /// character, or ``showsWords`` is false.
  public func ids(of piece: PieceText) -> [Int32] {
    guard let marking else { return [] }
    if case .bytes = marking {
      let spelled = ((piece.startsWord ? [0x20] : []) + piece.bytes).map {
        ByteLevel.alphabet[Int($0)]
      }
      return cut(spelled.joined())
    }
    guard var text = piece.text else { return [] }
    if let normalizer = configuration.normalizer, !normalizer.marksSpaces {
      text = normalizer.normalize(text)
    }
    switch marking {
    case .spaces:
      return cut(
        (piece.startsWord ? String(decoding: SentencePieceNormalizer.mark, as: UTF8.self) : "")
          + text)
    case .bytes: return []
    case .continuing(let prefix):
      return piece.startsWord ? ids(of: text, addsSpecialTokens: false) : inside(text, prefix)
    }
  }

  /// What the model makes of a stretch that nothing else looks at.
  private func cut(_ text: String) -> [Int32] {
    let bytes = Array(text.utf8)
    return withScratch { scratch in
      var sink = IDSink()
      bytes.withUnsafeBufferPointer {
        configuration.model.cut($0, 0..<$0.count, &scratch, into: &sink)
      }
      return sink.ids.map { configuration.publicID($0) }
    }
  }

  /// From the left the longest pieces that go on inside a word; the unknown piece where there is none.
  private func inside(_ text: String, _ prefix: String) -> [Int32] {
    var rest = text.unicodeScalars[...]
    var ids: [Int32] = []
    while !rest.isEmpty {
      var end = rest.endIndex
      var found: Int32?
      while end > rest.startIndex {
        found = configuration.model.id(of: prefix + String(rest[..<end]))
        if found != nil { break }
        end = rest.index(before: end)
      }
      guard let found else { return unknownID.map { [$0] } ?? [] }
      ids.append(found)
      rest = rest[end...]
    }
    return ids
  }
}

extension PreTokenizer {
  /// Whether bytes become visible scalars.
  fileprivate var spellsBytes: Bool {
    switch self {
    case .byteLevel: true
    case .sequence(let parts): parts.contains(where: \.spellsBytes)
    default: false
    }
  }
}
