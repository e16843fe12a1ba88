// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A compiled catalogue of gettext (`.mo`): the texts of a program and their translations, as people read them.
///
/// Tags, entities and the marks of keys are left out, and so are entries without a letter.
///
/// Source: The GNU gettext manual, "The Format of GNU MO Files"; both byte orders, revision 0 and 1.
public struct GettextCatalogue: Sendable {
  /// The translated entries in the order of the file; of plurals the singular and the last form.
  public let pairs: [ParallelText]
  /// The header's fields by their names in lower case, as `language` and `content-type`.
  public let header: [String: String]

  /// Reads a catalogue.
  ///
  /// - Throws: `CorpusError` where it is none, is cut off, or is not in UTF-8.
  public init(contentsOf path: String) throws(CorpusError) {
    guard FileManager.default.fileExists(atPath: path) else {
      throw CorpusError(.file, "there is no such file", at: path)
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CorpusError(.file, "expected a file, found a folder or no right to read", at: path)
    }
    try self.init([UInt8](data), path)
  }

  init(_ bytes: [UInt8], _ path: String) throws(CorpusError) {
    let words = try Words(bytes, path)
    let count = try words[8]
    let (originals, translations) = (try words[12], try words[16])
    guard count <= bytes.count / 8 else { throw words.cutOff() }
    var pairs: [ParallelText] = []
    var header: [String: String] = [:]
    for entry in 0..<count {
      let source = try words.text(at: originals + 8 * entry)
      let target = try words.text(at: translations + 8 * entry)
      if source.isEmpty {
        header = Self.header(target)
        try Self.check(header, path)
      } else {
        pairs += GettextEntry.pairs(source, target, place: entry + 1)
      }
    }
    (self.pairs, self.header) = (pairs, header)
  }

  /// The fields of a header's lines.
  static func header(_ text: String) -> [String: String] {
    var result: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      result[line[..<colon].lowercased()] = line[line.index(after: colon)...]
        .trimmingCharacters(in: .whitespaces)
    }
    return result
  }

  /// Refuses a catalogue that says that it is in another encoding.
  static func check(_ header: [String: String], _ path: String) throws(CorpusError) {
    let type = header["content-type"]?.lowercased() ?? "charset=utf-8"
    guard let place = type.range(of: "charset=") else { return }
    let name = type[place.upperBound...].prefix { !$0.isWhitespace && $0 != ";" }
    guard ["utf-8", "utf8", "us-ascii", "ascii", "charset"].contains(String(name)) else {
      throw CorpusError(
        .encoding, "the catalogue is in another encoding", expected: "UTF-8", found: String(name),
        hint: "convert it with 'msgconv -t UTF-8'", at: path)
    }
  }

  /// The numbers of a file in its own byte order.
  private struct Words {
    let bytes: [UInt8]
    let path: String
    let isBig: Bool

    init(_ bytes: [UInt8], _ path: String) throws(CorpusError) {
      (self.bytes, self.path) = (bytes, path)
      switch bytes.prefix(4) {
      case [0xde, 0x12, 0x04, 0x95]: isBig = false
      case [0x95, 0x04, 0x12, 0xde]: isBig = true
      default:
        throw CorpusError(
          .format, "the file is no catalogue",
          expected: "a .mo of gettext, which begins with de120495",
          at: path)
      }
    }

    func cutOff() -> CorpusError {
      CorpusError(
        .format, "the catalogue is cut off or damaged", found: "\(bytes.count) bytes", at: path)
    }

    subscript(place: Int) -> Int {
      get throws(CorpusError) {
        guard place >= 0, place + 4 <= bytes.count else { throw cutOff() }
        let four = isBig ? Array(bytes[place..<place + 4]) : bytes[place..<place + 4].reversed()
        return four.reduce(0) { $0 << 8 | Int($1) }
      }
    }

    /// The text whose length and place stand at a place.
    func text(at place: Int) throws(CorpusError) -> String {
      let (length, start) = (try self[place], try self[place + 4])
      guard start + length <= bytes.count else { throw cutOff() }
      guard let text = String(validating: bytes[start..<start + length], as: UTF8.self) else {
        throw CorpusError(
          .encoding, "an entry of the catalogue is not UTF-8", expected: "UTF-8", at: path)
      }
      return text
    }
  }
}

/// An entry of a catalogue as pairs.
enum GettextEntry {
  /// The pairs of an entry: one, or for plurals that of the singular and that of the last form.
  ///
  /// A context stands before the source with the byte 4 between; forms of plurals stand with a 0 between.
  static func pairs(_ source: String, _ target: String, place: Int) -> [ParallelText] {
    let text = source.split(separator: "\u{4}", maxSplits: 1).last.map(String.init) ?? source
    let sources = text.split(separator: "\0").map(String.init)
    let targets = target.split(separator: "\0").map(String.init)
    guard let first = sources.first, let one = targets.first else { return [] }
    var result = [(first, one)]
    if sources.count > 1, targets.count > 1 {
      result.append((sources[1], targets[targets.count - 1]))
    }
    return result.map { (CatalogueText.plain($0.0), CatalogueText.plain($0.1)) }
      .filter { hasLetters($0.0) && hasLetters($0.1) }
      .map { ParallelText($0.0, $0.1, place: place) }
  }

  private static func hasLetters(_ text: String) -> Bool {
    text.unicodeScalars.contains(where: \.properties.isAlphabetic)
  }
}
