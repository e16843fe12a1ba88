// SPDX-License-Identifier: Apache-2.0

import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A translation memory (`.tmx`): units that say the same in several languages.
///
/// Source: TMX 1.4b Specification, LISA OSCAR, 2005. Marks inside of a segment (`bpt`, `ept`, `ph`, `it`, `ut`) are left out with what is in them,
/// highlighted text (`hi`) is kept.
public struct TranslationMemory {
  private let path: String
  private let source: String
  private let target: String?

  /// A memory at a path; `.gz` is read as it is.
  ///
  /// - Parameters:
  ///   - source: the language of sources; `en` takes `en-GB` too.
  ///   - target: the language of targets; nil takes all others.
  public init(_ path: String, source: String, target: String? = nil) {
    (self.path, self.source, self.target) = (path, source, target)
  }

  /// The pairs of all units that have both languages, each with the number of its unit.
  ///
  /// - Throws: `CorpusError` where it is no XML, or holds no unit with the source's language.
  public func pairs() throws -> [ParallelText] {
    var text = ""
    try TextLines(path).forEach { line, _ in text += line + "\n" }
    let reader = UnitReader(source: source, target: target)
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    guard parser.parse(), reader.isClosed else {
      throw CorpusError(
        .format, "the translation memory is not well-formed XML", expected: "TMX 1.4, to its end",
        at: path, line: parser.lineNumber)
    }
    guard reader.unitCount == 0 || !reader.pairs.isEmpty else {
      throw CorpusError(
        .language, "no unit has both languages",
        expected: "'\(source)' and \(target.map { "'\($0)'" } ?? "another")",
        found: reader.languages.sorted().joined(separator: ", "), at: path)
    }
    return reader.pairs
  }

  /// Collects pairs as a parser goes through a file.
  private final class UnitReader: NSObject, XMLParserDelegate {
    private let source: String
    private let target: String?
    private(set) var pairs: [ParallelText] = []
    private(set) var languages: Set<String> = []
    private(set) var unitCount = 0
    /// Whether the file goes on to its end.
    private(set) var isClosed = false
    private var variants: [(language: String, text: String)] = []
    private var language = ""
    private var segment: String?
    /// Marks that are open inside of a segment.
    private var hiddenDepth = 0

    init(source: String, target: String?) {
      (self.source, self.target) = (source, target)
    }

    private static let hidden: Set<String> = ["bpt", "ept", "ph", "it", "ut"]

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      switch name {
      case "tu": variants = []
      case "tuv": language = attributes["xml:lang"] ?? attributes["lang"] ?? ""
      case "seg": (segment, hiddenDepth) = ("", 0)
      default: if Self.hidden.contains(name) { hiddenDepth += 1 }
      }
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
      if hiddenDepth == 0 { segment?.append(text) }
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
      switch name {
      case "seg":
        variants.append((language, segment ?? ""))
        languages.insert(language)
        segment = nil
      case "tu": close()
      case "tmx": isClosed = true
      default: if Self.hidden.contains(name) { hiddenDepth -= 1 }
      }
    }

    private func close() {
      unitCount += 1
      func text(_ raw: String) -> String {
        raw.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      }
      guard let own = variants.first(where: { Self.matches($0.language, source) }) else { return }
      for variant in variants where !Self.matches(variant.language, source) {
        if let target, !Self.matches(variant.language, target) { continue }
        let (first, second) = (text(own.text), text(variant.text))
        guard !first.isEmpty, !second.isEmpty else { continue }
        pairs.append(
          ParallelText(first, second, language: variant.language, place: unitCount))
      }
    }

    /// Whether a tag names a language, with more about it or without: "en-GB" is "en", and "swh_Latn" is "sw".
    private static func matches(_ tag: String, _ language: String) -> Bool {
      guard let tag = try? LanguageTag(tag), let wanted = try? LanguageTag(language) else {
        return tag == language
      }
      return tag.language == wanted.language
        && (wanted.script == nil || tag.script == wanted.script)
        && (wanted.region == nil || tag.region == wanted.region)
    }
  }
}
