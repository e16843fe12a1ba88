// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What typological databases say of languages: binary features, family lines and places.
///
/// Languages go by ISO 639-3 codes. A file of the table is text: the features' names in the first line, then a line for each language,
/// `code, latitude, longitude, lineage, values` between tabs, a value being `0`, `1` or `?`.
public struct TypologyTable: Sendable {
  /// What is known of one language.
  public struct Entry: Sendable, Equatable {
    /// 0 or 1 for each feature; nil where no source says.
    public var values: [UInt8?]
    /// The families it belongs to, from the widest to the narrowest; empty where they are not known.
    public var lineage: [String]
    /// Degrees north and east; nil where not known.
    public var place: Place?

    /// An entry from its parts.
    public init(values: [UInt8?], lineage: [String] = [], place: Place? = nil) {
      self.values = values
      self.lineage = lineage
      self.place = place
    }
  }

  /// A point on the globe, in degrees.
  public struct Place: Sendable, Equatable {
    /// Degrees north.
    public var latitude: Double
    /// Degrees east.
    public var longitude: Double

    /// A point.
    public init(latitude: Double, longitude: Double) {
      self.latitude = latitude
      self.longitude = longitude
    }
  }

  /// The features' names; the beginning says of what kind one is, as `S_` for syntax.
  public let features: [String]
  /// Entries by ISO 639-3 code.
  let entries: [String: Entry]
  /// The codes that mean one language, by its canonical code, as `zho` and `cmn` for `zh`.
  private let codes: [String: [String]]

  /// A table from its entries.
  public init(features: [String], entries: [String: Entry]) {
    self.features = features
    self.entries = entries
    var codes: [String: [String]] = [:]
    for code in entries.keys.sorted() {
      guard let tag = try? LanguageTag(code) else { continue }
      codes[tag.language, default: []].append(code)
    }
    self.codes = codes
  }

  /// What is known of a language; nil where nothing is.
  ///
  /// Where the code itself says nothing, the other codes of the same language do: a macrolanguage's and its usual member's.
  public func entry(of language: LanguageTag) -> Entry? {
    let own = language.description.prefix { $0 != "-" && $0 != "_" }.lowercased()
    let others = (codes[language.language] ?? []).filter { $0 != own }
    let found = ([own] + others).compactMap { entries[$0] }
    guard var entry = found.first else { return nil }
    for other in found.dropFirst() {
      for (index, value) in other.values.enumerated() where entry.values[index] == nil {
        entry.values[index] = value
      }
      if entry.lineage.isEmpty { entry.lineage = other.lineage }
      entry.place = entry.place ?? other.place
    }
    return entry
  }
}

extension TypologyTable {
  /// Reads a table's file.
  ///
  /// - Throws: `CorpusError` where it cannot be read or a line is not as it should be.
  init(contentsOf file: URL) throws(CorpusError) {
    let lines = try TextLines(file.path).open()
    let features = try lines.next()?.split(separator: "\t").map(String.init) ?? []
    var entries: [String: Entry] = [:]
    while let line = try lines.next() {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 5, fields[4].utf8.count == features.count else {
        throw CorpusError(
          .format, "the line is none of a table of languages",
          expected: "5 fields, the last with \(features.count) values",
          hint: "remove the file, and it is made again", at: file.path, line: lines.number)
      }
      var place: Place?
      if let latitude = Double(fields[1]), let longitude = Double(fields[2]) {
        place = Place(latitude: latitude, longitude: longitude)
      }
      entries[String(fields[0])] = Entry(
        values: fields[4].utf8.map { $0 == 0x31 ? 1 : $0 == 0x30 ? 0 : nil },
        lineage: fields[3].split(separator: ",").map {
          String($0).trimmingCharacters(in: .whitespaces)
        }, place: place)
    }
    self.init(features: features, entries: entries)
  }

  /// Writes the table's file, languages in the order of their codes.
  func write(to file: URL) throws(CorpusError) {
    let output = try AtomicFile(file.path)
    try output.write(features.joined(separator: "\t") + "\n")
    for (code, entry) in entries.sorted(by: { $0.key < $1.key }) {
      let values = entry.values.map { $0.map(String.init) ?? "?" }.joined()
      let place = entry.place.map { ["\($0.latitude)", "\($0.longitude)"] } ?? ["", ""]
      let fields = [code] + place + [entry.lineage.joined(separator: ","), values]
      try output.write(fields.joined(separator: "\t") + "\n")
    }
    try output.commit()
  }
}
