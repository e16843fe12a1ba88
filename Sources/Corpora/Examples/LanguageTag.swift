// SPDX-License-Identifier: Apache-2.0

/// The name of a language, in any of the ways that data is labelled with.
///
/// BCP 47 (`pt-BR`), POSIX (`pt_BR.UTF-8`, `sr@latin`), ISO 639-1, 639-2 and 639-3 (`de`, `ger`, `deu`),
/// ISO 639-3 with a script as in FLORES (`swh_Latn`), and retired codes (`iw`) all mean what they mean:
/// tags are equal when their canonical forms are. It prints as it was written.
///
/// The canonical form has the shortest code, the macrolanguage for its usual member (`swh` is `sw`), the
/// script only where it is not the usual one, and the region, which in Chinese tells the script and is left
/// out where it tells nothing else: `zh_CN`, `zho_Hans` and `zh` are one, and so are `zh_TW` and `zho_Hant`.
public struct LanguageTag: Sendable {
  /// The tag as it was written.
  public let description: String
  /// The language's canonical code, as "pt".
  public let language: String
  /// The script where it is not the language's usual one, as "Latn".
  public let script: String?
  /// The region, as "BR".
  public let region: String?
  /// Variants and extensions in lower case, as "1996".
  public let variants: [String]

  /// Reads a tag.
  ///
  /// - Throws: `CorpusError.Code.language` where it has not the shape of one. Whether its code is assigned to
  ///   a language is not asked.
  public init(_ text: String) throws(CorpusError) {
    guard let tag = Self(parsing: text) else {
      throw CorpusError(
        .language, "'\(text)' is not a language tag",
        expected: "a code such as de, deu, pt-BR, pt_BR or swh_Latn")
    }
    self = tag
  }

  /// The canonical form, as "pt-BR" or "zh-Hant".
  public var canonical: String {
    ([language] + [script, region].compactMap(\.self) + variants).joined(separator: "-")
  }

  /// The script the language is written in: the one given, else the usual one; "Latn" where none is known.
  public var writtenScript: String { script ?? Self.usualScript(of: language) }

  private init?(parsing text: String) {
    var modifiers = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    let base = modifiers.removeFirst().split(separator: ".", omittingEmptySubsequences: false)
    let subtags = (base.first ?? "").split(omittingEmptySubsequences: false) {
      $0 == "-" || $0 == "_"
    }.map { $0.lowercased() }
    guard base.count <= 2, modifiers.count <= 1, let code = subtags.first,
      code.isLetters(2...3)
    else { return nil }
    var rest = subtags.dropFirst()[...]
    var language = code
    var script: String?
    var region: String?
    var variants: [String] = []
    // An extended language stands for itself: zh-yue is yue.
    if let extended = rest.first, extended.isLetters(3...3) {
      language = extended
      rest.removeFirst()
    }
    if let next = rest.first, next.isLetters(4...4) {
      script = next.prefix(1).uppercased() + next.dropFirst()
      rest.removeFirst()
    }
    if let next = rest.first, next.isLetters(2...2) || next.isDigits(3...3) {
      region = next.uppercased()
      rest.removeFirst()
    }
    var isExtension = false
    for subtag in rest {
      if subtag.utf8.count == 1 { isExtension = true }
      guard subtag.isAlphanumeric(isExtension ? 1...8 : 4...8) else { return nil }
      variants.append(subtag)
    }
    switch modifiers.first?.lowercased() {
    case nil, "euro"?: break
    case "latin"?: script = "Latn"
    case "cyrillic"?: script = "Cyrl"
    case let variant?:
      guard variant.isAlphanumeric(4...10) else { return nil }
      variants.append(variant)
    }
    self.init(text, language, script, region, variants)
  }

  /// The canonical form of the parts.
  private init(
    _ text: String, _ code: String, _ givenScript: String?, _ givenRegion: String?,
    _ variants: [String]
  ) {
    description = text
    self.variants = variants
    let alias = Self.aliases[code]
    language = alias?.language ?? code
    let usual = Self.usualScript(of: language)
    var script = givenScript ?? alias?.script
    var region = givenRegion
    if language == "ko", script == "Hang" { script = usual }
    if language == "zh" {
      let told = region.flatMap { Self.chineseScripts[$0] }
      script = script ?? told
      if let told, told == script ?? usual, region == "CN" || region == "TW" { region = nil }
    }
    self.script = script == usual ? nil : script
    self.region = region
  }
}

extension LanguageTag: Hashable {
  /// Whether two tags mean the same, however they are written.
  public static func == (left: Self, right: Self) -> Bool { left.canonical == right.canonical }

  /// Hashes what the tag means.
  public func hash(into hasher: inout Hasher) { hasher.combine(canonical) }
}

extension LanguageTag: Comparable {
  /// Orders tags by their canonical forms.
  public static func < (left: Self, right: Self) -> Bool { left.canonical < right.canonical }
}

extension LanguageTag: CustomStringConvertible {}

extension LanguageTag: Codable {
  /// Reads a tag from text.
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  /// Writes the tag as it was written.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension String {
  fileprivate func isLetters(_ count: ClosedRange<Int>) -> Bool {
    count.contains(utf8.count)
      && utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
  }

  fileprivate func isDigits(_ count: ClosedRange<Int>) -> Bool {
    count.contains(utf8.count)
      && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  fileprivate func isAlphanumeric(_ count: ClosedRange<Int>) -> Bool {
    count.contains(utf8.count)
      && utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
      }
  }
}
