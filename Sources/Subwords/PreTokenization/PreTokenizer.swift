// SPDX-License-Identifier: Apache-2.0

/// The second stage of a tokenizer: it cuts the text into the stretches that the model sees.
public indirect enum PreTokenizer: Sendable, Equatable {
  /// Cuts at white space and drops it.
  case whitespaceSplit
  /// Words (`\w+`) and runs of anything else (`[^\w\s]+`); white space is dropped.
  case whitespace
  /// Makes spaces visible and cuts before them.
  case metaspace(Metaspace)
  /// Bytes as visible scalars, cut as GPT-2 does.
  case byteLevel(ByteLevel)
  /// Cuts at white space, which is dropped, and around each punctuation mark.
  case bert
  /// Cuts at punctuation.
  case punctuation(SplitBehavior)
  /// Cuts at numbers, each digit by itself or runs of them.
  case digits(individually: Bool)
  /// Cuts at each match, or with `inverts` at what lies between matches.
  case split(TextPattern, SplitBehavior, inverts: Bool)
  /// Cuts at a scalar and drops it.
  case delimiter(Unicode.Scalar)
  /// Cuts where the script changes; Han, Hiragana and Katakana count as one.
  case scripts
  /// Cuts after every so many scalars.
  case fixedLength(Int)
  /// One after the other.
  case sequence([PreTokenizer])

  /// Whether what it does depends on where in the text a stretch began before it was normalised.
  var asksForOrigin: Bool {
    switch self {
    case .metaspace(let metaspace): metaspace.prependScheme == .first
    case .sequence(let parts): parts.contains(where: \.asksForOrigin)
    default: false
    }
  }

  func apply(to input: PreTokenizedText) -> PreTokenizedText {
    switch self {
    case .whitespaceSplit:
      return Self.cut(input, .removed) { UTF8Scalar.isWhitespace($0) }
    case .whitespace: return Self.cutWords(input)
    case .metaspace(let metaspace): return metaspace.apply(to: input)
    case .byteLevel(let byteLevel): return byteLevel.apply(to: input)
    case .bert:
      let words = Self.cut(input, .removed) { UTF8Scalar.isWhitespace($0) }
      return Self.cut(words, .isolated) { CharacterKinds.isPunctuation($0) }
    case .punctuation(let behavior):
      return Self.cut(input, behavior) { CharacterKinds.isPunctuation($0) }
    case .digits(let individually):
      return Self.cut(input, individually ? .isolated : .contiguous) {
        CharacterKinds.isNumeric($0)
      }
    case .split(let pattern, let behavior, let inverts):
      return Self.cut(input, pattern, behavior, inverts: inverts)
    case .delimiter(let delimiter): return Self.cut(input, .removed) { $0 == delimiter.value }
    case .scripts: return Self.cutScripts(input)
    case .fixedLength(let length): return Self.cutLengths(input, length)
    case .sequence(let parts): return parts.reduce(input) { $1.apply(to: $0) }
    }
  }
}

extension PreTokenizer {
  init(_ json: JSONCursor) throws(SubwordError) {
    let type = try json.type()
    switch type {
    case "WhitespaceSplit": self = .whitespaceSplit
    case "Whitespace": self = .whitespace
    case "Metaspace": self = .metaspace(try Metaspace(json))
    case "ByteLevel": self = .byteLevel(try ByteLevel(json))
    case "BertPreTokenizer": self = .bert
    case "Punctuation":
      let behavior = try json.optional("behavior")
      self = .punctuation(
        try behavior.map { (json) throws(SubwordError) in try SplitBehavior(json) }
          ?? .isolated)
    case "Digits": self = .digits(individually: try json.bool("individual_digits", default: false))
    case "Split":
      self = .split(
        try TextPattern(try json.required("pattern")),
        try SplitBehavior(try json.required("behavior")),
        inverts: try json.bool("invert", default: false))
    case "CharDelimiterSplit":
      let text = try json.required("delimiter").string()
      guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else {
        throw SubwordError(
          .malformed, "expected one scalar as delimiter, found “\(text)”", at: json.path)
      }
      self = .delimiter(scalar)
    case "UnicodeScripts": self = .scripts
    case "FixedLength":
      let length = try json.optional("length")?.natural() ?? 5
      guard length > 0 else {
        throw SubwordError(.malformed, "expected a length of at least 1, found 0", at: json.path)
      }
      self = .fixedLength(length)
    case "Sequence":
      var parts = [PreTokenizer]()
      for part in try json.required("pretokenizers").elements() {
        parts.append(try PreTokenizer(part))
      }
      self = .sequence(parts)
    default:
      throw json.unsupported(
        "pre-tokenizer", type,
        supported: [
          "WhitespaceSplit", "Whitespace", "Metaspace", "ByteLevel", "BertPreTokenizer",
          "Punctuation", "Digits", "Split", "CharDelimiterSplit", "UnicodeScripts", "FixedLength",
          "Sequence",
        ])
    }
  }

  var json: JSONValue {
    switch self {
    case .whitespaceSplit: .typed("WhitespaceSplit")
    case .whitespace: .typed("Whitespace")
    case .metaspace(let metaspace): metaspace.json
    case .byteLevel(let byteLevel): byteLevel.json
    case .bert: .typed("BertPreTokenizer")
    case .punctuation(let behavior): .typed("Punctuation", ("behavior", behavior.json))
    case .digits(let individually): .typed("Digits", ("individual_digits", .bool(individually)))
    case .split(let pattern, let behavior, let inverts):
      .typed(
        "Split", ("pattern", pattern.json), ("behavior", behavior.json),
        ("invert", .bool(inverts)))
    case .delimiter(let scalar):
      .typed("CharDelimiterSplit", ("delimiter", .string(String(scalar))))
    case .scripts: .typed("UnicodeScripts")
    case .fixedLength(let length): .typed("FixedLength", ("length", .number(Double(length))))
    case .sequence(let parts): .typed("Sequence", ("pretokenizers", .array(parts.map(\.json))))
    }
  }
}
