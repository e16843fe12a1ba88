// SPDX-License-Identifier: Apache-2.0

/// The normaliser of BERT: it cleans text, sets ideographs apart, and makes lower case without accents.
public struct BertNormalizer: Sendable, Equatable {
  /// Whether controls are removed and all white space becomes spaces.
  public var cleansText: Bool
  /// Whether spaces are put around ideographs.
  public var separatesIdeographs: Bool
  /// Whether text is decomposed and its marks are removed; nil follows `lowercases`.
  public var stripsAccents: Bool?
  /// Whether text becomes lower case.
  public var lowercases: Bool

  /// Makes a normaliser; the defaults are those of uncased BERT.
  public init(
    cleansText: Bool = true, separatesIdeographs: Bool = true, stripsAccents: Bool? = nil,
    lowercases: Bool = true
  ) {
    self.cleansText = cleansText
    self.separatesIdeographs = separatesIdeographs
    self.stripsAccents = stripsAccents
    self.lowercases = lowercases
  }

  func normalize(_ text: AlignedText) -> AlignedText {
    var result = text
    if cleansText { result = Self.clean(result) }
    if separatesIdeographs { result = Self.separate(result) }
    if stripsAccents ?? lowercases {
      result = Normalizer.UnicodeForm.nfd.normalize(result)
      result = Normalizer.filterScalars(result) { !CharacterKinds.isNonspacingMark($0) }
    }
    if lowercases { result = Normalizer.lowercased(result) }
    return result
  }

  private static func clean(_ text: AlignedText) -> AlignedText {
    Normalizer.rewriteScalars(text) { scalar in
      switch scalar {
      case 0x21..<0x7F: return .keep
      case 0x20, 0x09, 0x0A, 0x0D: return .replace(0x20)
      case 0, 0xFFFD: return .remove
      default: break
      }
      if CharacterKinds.isOther(scalar) { return .remove }
      return UTF8Scalar.isWhitespace(scalar) ? .replace(0x20) : .keep
    }
  }

  private static func separate(_ text: AlignedText) -> AlignedText {
    guard text.bytes.contains(where: { $0 >= 0xE3 }) else { return text }
    var result = AlignedText(isAligned: text.isAligned)
    result.origin = text.origin
    text.bytes.withUnsafeBufferPointer { bytes in
      var copied = 0
      var index = 0
      while index < bytes.count {
        let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
        if CharacterKinds.isIdeograph(scalar) {
          result.append(text, copied..<index)
          result.append([0x20], alignedWith: index, of: text)
          result.append(text, index..<index + length)
          result.append([0x20], alignedWith: index, of: text)
          copied = index + length
        }
        index += length
      }
      result.append(text, copied..<bytes.count)
    }
    return result
  }
}

extension BertNormalizer {
  init(_ json: JSONCursor) throws(SubwordError) {
    self.init(
      cleansText: try json.bool("clean_text", default: true),
      separatesIdeographs: try json.bool("handle_chinese_chars", default: true),
      stripsAccents: try json.optional("strip_accents")?.bool(),
      lowercases: try json.bool("lowercase", default: true))
  }

  var json: JSONValue {
    .typed(
      "BertNormalizer", ("clean_text", .bool(cleansText)),
      ("handle_chinese_chars", .bool(separatesIdeographs)),
      ("strip_accents", stripsAccents.map(JSONValue.bool) ?? .null),
      ("lowercase", .bool(lowercases)))
  }
}
