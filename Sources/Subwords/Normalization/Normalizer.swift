// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The first stage of a tokenizer: it makes different spellings of the same text equal.
///
/// Kinds and settings are those of tokenizer.json, and `sentencePiece` those of a SentencePiece
/// model. Offsets survive every kind.
public indirect enum Normalizer: Sendable, Equatable {
  /// The rules of a charsmap, applied cluster by cluster as Hugging Face `tokenizers` does.
  case precompiled(CharacterMap)
  /// SentencePiece's own normaliser.
  case sentencePiece(SentencePieceNormalizer)
  /// White space is removed at one end or both.
  case strip(left: Bool, right: Bool)
  /// Each match of the pattern becomes the content.
  case replace(TextPattern, content: String)
  /// Each scalar is replaced by its lower-case mapping.
  case lowercase
  /// A Unicode normalisation form.
  case unicode(UnicodeForm)
  /// Controls go and all spaces become U+0020, as machine translation wants it.
  case nmt
  /// All marks are removed; where letters should lose their accents they must be decomposed first.
  case stripAccents
  /// BERT's own.
  case bert(BertNormalizer)
  /// Each byte becomes a visible scalar, as ``ByteLevel`` writes them.
  case byteLevel
  /// The text, unless it is empty, gets this in front.
  case prepend(String)
  /// One after the other.
  case sequence([Normalizer])

  /// A Unicode normalisation form (UAX 15).
  public enum UnicodeForm: String, Sendable, Equatable {
    /// Canonical composition.
    case nfc = "NFC"
    /// Canonical decomposition.
    case nfd = "NFD"
    /// Compatibility composition.
    case nfkc = "NFKC"
    /// Compatibility decomposition.
    case nfkd = "NFKD"
  }

  /// The normalised form of `text`.
  public func normalize(_ text: String) -> String {
    let result = normalize(AlignedText(text.utf8, origin: 0, isAligned: false))
    return String(decoding: result.bytes, as: UTF8.self)
  }

  func normalize(_ text: AlignedText) -> AlignedText {
    switch self {
    case .precompiled(let map): return map.normalizeClusters(text)
    case .sentencePiece(let normalizer): return normalizer.normalize(text)
    case .strip(let left, let right): return Self.strip(text, left: left, right: right)
    case .replace(let pattern, let content): return pattern.replace(in: text, by: content)
    case .lowercase: return Self.lowercased(text)
    case .nmt: return Self.nmt(text)
    case .stripAccents: return Self.filterScalars(text) { !CharacterKinds.isMark($0) }
    case .bert(let normalizer): return normalizer.normalize(text)
    case .byteLevel: return Self.spelledInBytes(text)
    case .unicode(let form): return form.normalize(text)
    case .prepend(let prefix): return Self.prepend(prefix, to: text)
    case .sequence(let parts): return parts.reduce(text) { $1.normalize($0) }
    }
  }

  static func prepend(_ prefix: String, to text: AlignedText) -> AlignedText {
    guard text.count > 0 else { return text }
    var result = AlignedText(isAligned: text.isAligned)
    result.origin = text.origin
    result.append(Array(prefix.utf8), alignedWith: 0, of: text)
    result.append(text, 0..<text.count)
    return result
  }

  private static func strip(_ text: AlignedText, left: Bool, right: Bool) -> AlignedText {
    let range = text.bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      var end = bytes.count
      while left, start < end {
        let (scalar, length) = UTF8Scalar.decode(bytes, at: start)
        guard UTF8Scalar.isWhitespace(scalar) else { break }
        start += length
      }
      while right, end > start {
        var last = end - 1
        while last > start, bytes[last] & 0xC0 == 0x80 { last -= 1 }
        guard UTF8Scalar.isWhitespace(UTF8Scalar.decode(bytes, at: last).0) else { break }
        end = last
      }
      return start..<end
    }
    guard range != 0..<text.count else { return text }
    var result = AlignedText(isAligned: text.isAligned)
    result.origin = text.origin
    result.append(text, range)
    return result
  }
}

extension Normalizer {
  init(_ json: JSONCursor) throws(SubwordError) {
    let type = try json.type()
    switch type {
    case "Precompiled":
      let text = try json.optional("precompiled_charsmap")?.string() ?? ""
      guard let blob = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
        throw SubwordError(
          .malformed, "expected a charsmap in base64, found other text", at: json.path)
      }
      do {
        self = .precompiled(try CharacterMap(blob: Array(blob)))
      } catch {
        throw error.inside(json.path)
      }
    case "Sequence":
      var parts = [Normalizer]()
      for part in try json.required("normalizers").elements() { parts.append(try Normalizer(part)) }
      self = .sequence(parts)
    case "Strip":
      self = .strip(
        left: try json.bool("strip_left", default: true),
        right: try json.bool("strip_right", default: true))
    case "Replace":
      self = .replace(
        try TextPattern(try json.required("pattern")),
        content: try json.required("content").string())
    case "Lowercase": self = .lowercase
    case "Nmt": self = .nmt
    case "StripAccents": self = .stripAccents
    case "BertNormalizer": self = .bert(try BertNormalizer(json))
    case "ByteLevel": self = .byteLevel
    case "Prepend": self = .prepend(try json.required("prepend").string())
    default:
      guard let form = UnicodeForm(rawValue: type) else {
        throw json.unsupported(
          "normalizer", type,
          supported: [
            "Precompiled", "Sequence", "Strip", "Replace", "Lowercase", "Prepend", "NFC", "NFD",
            "NFKC", "NFKD", "Nmt", "StripAccents", "BertNormalizer", "ByteLevel",
          ])
      }
      self = .unicode(form)
    }
  }

  var json: JSONValue {
    get throws(SubwordError) {
      switch self {
      case .precompiled(let map) where map.blob.isEmpty:
        // The reference reads no empty charsmap.
        return .typed("Sequence", ("normalizers", .array([])))
      case .precompiled(let map):
        return .typed(
          "Precompiled", ("precompiled_charsmap", .string(Data(map.blob).base64EncodedString())))
      case .sentencePiece:
        throw SubwordError(
          .unsupported,
          "expected a normalizer that tokenizer.json can express, found SentencePiece's own; "
            + "write the model as XLM-R style tokenizer.json instead")
      case .strip(let left, let right):
        return .typed("Strip", ("strip_left", .bool(left)), ("strip_right", .bool(right)))
      case .replace(let pattern, let content):
        return .typed("Replace", ("pattern", pattern.json), ("content", .string(content)))
      case .lowercase: return .typed("Lowercase")
      case .nmt: return .typed("Nmt")
      case .stripAccents: return .typed("StripAccents")
      case .bert(let normalizer): return normalizer.json
      case .byteLevel: return .typed("ByteLevel")
      case .unicode(let form): return .typed(form.rawValue)
      case .prepend(let prefix): return .typed("Prepend", ("prepend", .string(prefix)))
      case .sequence(let parts):
        var members = [JSONValue]()
        for part in parts { members.append(try part.json) }
        return .typed("Sequence", ("normalizers", .array(members)))
      }
    }
  }
}

extension JSONValue {
  /// An object whose first member is `type`, as the parts of a tokenizer.json are.
  static func typed(_ type: String, _ members: (String, JSONValue)...) -> JSONValue {
    .object([Member("type", .string(type))] + members.map { Member($0.0, $0.1) })
  }
}
