// SPDX-License-Identifier: Apache-2.0

/// The last stage: it turns pieces back into text.
public indirect enum PieceDecoder: Sendable, Equatable {
  /// Marks become spaces; those of the first piece are dropped where the scheme had put one there.
  case metaspace(Metaspace)
  /// Runs of `<0xHH>` become text, or one U+FFFD for each byte where they are not UTF-8.
  case byteFallback
  /// All pieces become one.
  case fuse
  /// Up to `start` and `stop` scalars `content` are taken off the ends of each piece.
  case strip(content: Unicode.Scalar, start: Int, stop: Int)
  /// Each match in a piece becomes the content.
  case replace(TextPattern, content: String)
  /// Pieces without the prefix begin a word; with `cleansUp` spaces before punctuation and English
  /// contractions go.
  case wordPiece(prefix: String, cleansUp: Bool)
  /// The suffix at the end of a word becomes a space.
  case bytePair(suffix: String)
  /// Visible scalars become the bytes they stand for.
  case byteLevel
  /// The output of connectionist temporal classification: repeats and padding go.
  case ctc(pad: String, wordDelimiter: String, cleansUp: Bool)
  /// One after the other.
  case sequence([PieceDecoder])

  func decode(_ pieces: [String]) -> [String] {
    switch self {
    case .metaspace(let metaspace): return Self.unmark(pieces, metaspace)
    case .byteFallback: return Self.joinBytes(pieces)
    case .fuse: return [pieces.joined()]
    case .strip(let content, let start, let stop):
      return pieces.map { Self.strip($0, content, start, stop) }
    case .replace(let pattern, let content):
      return pieces.map { pattern.replace(in: $0, by: content) }
    case .wordPiece(let prefix, let cleansUp):
      return Self.joinWords(pieces, prefix: prefix, cleansUp: cleansUp)
    case .bytePair(let suffix):
      return pieces.enumerated().map { index, piece in
        TextPattern.literal(suffix).replace(in: piece, by: index == pieces.count - 1 ? "" : " ")
      }
    case .byteLevel: return [ByteLevel.decode(pieces)]
    case .ctc(let pad, let wordDelimiter, let cleansUp):
      return Self.collapse(pieces, pad, wordDelimiter, cleansUp)
    case .sequence(let parts): return parts.reduce(pieces) { $1.decode($0) }
    }
  }

  private static func unmark(_ pieces: [String], _ metaspace: Metaspace) -> [String] {
    guard let mark = metaspace.replacement.unicodeScalars.first else { return pieces }
    return pieces.enumerated().map { index, piece in
      var result = String.UnicodeScalarView()
      for scalar in piece.unicodeScalars {
        if scalar != mark {
          result.append(scalar)
        } else if index > 0 || metaspace.prependScheme == .never {
          result.append(" ")
        }
      }
      return String(result)
    }
  }

  private static func joinBytes(_ pieces: [String]) -> [String] {
    var result = [String]()
    var pending = [UInt8]()
    let flush = {
      guard !pending.isEmpty else { return }
      if let text = String(validating: pending, as: UTF8.self) {
        result.append(text)
      } else {
        result.append(contentsOf: repeatElement("\u{FFFD}", count: pending.count))
      }
      pending.removeAll()
    }
    for piece in pieces {
      if let byte = byte(of: piece) {
        pending.append(byte)
      } else {
        flush()
        result.append(piece)
      }
    }
    flush()
    return result
  }

  /// The byte that `<0xHH>` stands for.
  static func byte(of piece: String) -> UInt8? {
    let bytes = Array(piece.utf8)
    guard bytes.count == 6, bytes.starts(with: "<0x".utf8), bytes[5] == UInt8(ascii: ">") else {
      return nil
    }
    return UInt8(String(decoding: bytes[3..<5], as: UTF8.self), radix: 16)
  }

  private static func strip(
    _ piece: String, _ content: Unicode.Scalar, _ start: Int, _ stop: Int
  ) -> String {
    let scalars = Array(piece.unicodeScalars)
    let first = scalars.prefix(start).prefix { $0 == content }.count
    let rest = scalars[first...]
    let last = rest.suffix(stop).reversed().prefix { $0 == content }.count
    return String(String.UnicodeScalarView(rest.dropLast(last)))
  }
}

extension PieceDecoder {
  init(_ json: JSONCursor) throws(SubwordError) {
    let type = try json.type()
    switch type {
    case "Metaspace": self = .metaspace(try Metaspace(json))
    case "ByteFallback": self = .byteFallback
    case "Fuse": self = .fuse
    case "Strip":
      let content = try json.required("content").string()
      guard let scalar = content.unicodeScalars.first, content.unicodeScalars.count == 1 else {
        throw SubwordError(.malformed, "expected one scalar, found “\(content)”", at: json.path)
      }
      self = .strip(
        content: scalar, start: try json.required("start").natural(),
        stop: try json.required("stop").natural())
    case "Replace":
      self = .replace(
        try TextPattern(try json.required("pattern")),
        content: try json.required("content").string())
    case "WordPiece":
      self = .wordPiece(
        prefix: try json.optional("prefix")?.string() ?? "##",
        cleansUp: try json.bool("cleanup", default: true))
    case "BPEDecoder":
      self = .bytePair(suffix: try json.optional("suffix")?.string() ?? "</w>")
    case "ByteLevel": self = .byteLevel
    case "CTC":
      self = .ctc(
        pad: try json.optional("pad_token")?.string() ?? "<pad>",
        wordDelimiter: try json.optional("word_delimiter_token")?.string() ?? "|",
        cleansUp: try json.bool("cleanup", default: true))
    case "Sequence":
      var parts = [PieceDecoder]()
      for part in try json.required("decoders").elements() { parts.append(try PieceDecoder(part)) }
      self = .sequence(parts)
    default:
      throw json.unsupported(
        "decoder", type,
        supported: [
          "Metaspace", "ByteFallback", "Fuse", "Strip", "Replace", "WordPiece", "BPEDecoder",
          "ByteLevel", "CTC", "Sequence",
        ])
    }
  }

  var json: JSONValue {
    switch self {
    case .metaspace(let metaspace): metaspace.json
    case .byteFallback: .typed("ByteFallback")
    case .fuse: .typed("Fuse")
    case .strip(let content, let start, let stop):
      .typed(
        "Strip", ("content", .string(String(content))), ("start", .number(Double(start))),
        ("stop", .number(Double(stop))))
    case .replace(let pattern, let content):
      .typed("Replace", ("pattern", pattern.json), ("content", .string(content)))
    case .wordPiece(let prefix, let cleansUp):
      .typed("WordPiece", ("prefix", .string(prefix)), ("cleanup", .bool(cleansUp)))
    case .bytePair(let suffix): .typed("BPEDecoder", ("suffix", .string(suffix)))
    case .byteLevel:
      .typed(
        "ByteLevel", ("add_prefix_space", .bool(true)), ("trim_offsets", .bool(true)),
        ("use_regex", .bool(true)))
    case .ctc(let pad, let wordDelimiter, let cleansUp):
      .typed(
        "CTC", ("pad_token", .string(pad)), ("word_delimiter_token", .string(wordDelimiter)),
        ("cleanup", .bool(cleansUp)))
    case .sequence(let parts): .typed("Sequence", ("decoders", .array(parts.map(\.json))))
    }
  }
}
