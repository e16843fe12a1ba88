// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Something that fetches public data and writes it as `<language>/<split>.tsv` with a manifest.
public protocol Importer: Sendable {
  /// The name that users call it by.
  static var name: String { get }
  /// One sentence on what it brings.
  static var summary: String { get }
  /// What the result depends on, apart from the code: versions, seed, limits.
  var parameters: [String: String] { get }
  /// Fetches and writes the data into a folder that exists.
  func importData(to folder: URL, progress: (String) -> Void) throws
}

/// The importers by name.
public enum Importers {
  /// Every importer's name and summary, sorted.
  public static let all: [(name: String, summary: String)] = [
    (DebianDescriptions.name, DebianDescriptions.summary),
    (HomeAssistantIntents.name, HomeAssistantIntents.summary),
  ]

  /// An importer with its defaults.
  public static func named(_ name: String, seed: UInt64 = 1) throws(CorpusError) -> any Importer {
    switch name {
    case HomeAssistantIntents.name: return HomeAssistantIntents(seed: seed)
    case DebianDescriptions.name: return DebianDescriptions(seed: seed)
    default:
      let known = all.map(\.name).joined(separator: ", ")
      throw CorpusError(.file, "there is no importer '\(name)'; there are \(known)")
    }
  }
}

/// What an import leaves beside its data: where it came from and what it holds.
public struct ImportManifest: Sendable, Equatable, Codable {
  /// The importer.
  public var importer: String
  /// Where the data came from.
  public var source: String
  /// The source's version, or a digest that stands for it.
  public var version: String
  /// The data's licence.
  public var licence: String
  /// What was asked for.
  public var parameters: [String: String]
  /// Rows by language, split and label.
  public var counts: [String: [String: [String: Int]]]
  /// SHA-256 of each file that was written.
  public var files: [String: String]

  /// The file's name.
  public static let fileName = "manifest.json"

  /// Reads a folder's manifest.
  public init(contentsOf folder: URL) throws {
    let file = folder.appendingPathComponent(Self.fileName)
    guard let data = try? Data(contentsOf: file),
      let manifest = try? JSONDecoder().decode(Self.self, from: data)
    else { throw CorpusError(.format, "not the manifest of an import", at: file.path) }
    self = manifest
  }

  init(
    importer: String, source: String, version: String, licence: String,
    parameters: [String: String], rows: [String: [String: [ImportedRow]]],
    files: [String: String]
  ) {
    self.importer = importer
    self.source = source
    self.version = version
    self.licence = licence
    self.parameters = parameters
    self.files = files
    counts = rows.mapValues { splits in
      splits.mapValues { rows in
        Dictionary(rows.map { ($0.label, 1) }, uniquingKeysWith: +)
      }
    }
  }

  func write(to folder: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(
      to: folder.appendingPathComponent(Self.fileName), options: .atomic)
  }
}

/// One row of imported data.
struct ImportedRow: Equatable {
  var text: String
  var label: String
  var group: String

  /// Writes `<language>/<split>.tsv` files and returns their digests.
  static func write(
    _ rows: [String: [String: [ImportedRow]]], to folder: URL
  ) throws -> [String: String] {
    var digests: [String: String] = [:]
    for (language, splits) in rows {
      let place = folder.appendingPathComponent(language)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for (split, rows) in splits {
        var text = "id\ttext\tlabel\tgroup\n"
        for (number, row) in rows.enumerated() {
          text += "\(language)-\(split)-\(number)\t\(row.text)\t\(row.label)\t\(row.group)\n"
        }
        let data = Data(text.utf8)
        try data.write(to: place.appendingPathComponent("\(split).tsv"), options: .atomic)
        digests["\(language)/\(split).tsv"] = FileDigest.sha256(of: data)
      }
    }
    return digests
  }
}

/// FNV-1a, for decisions that must depend on a text and on nothing else (Fowler, Noll and Vo 1991), with
/// its bits mixed so that the low ones are as good as the high ones.
func stableHash(_ parts: String...) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for part in parts {
    for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ 0xff) &* 0x100_0000_01b3
  }
  hash = (hash ^ hash >> 30) &* 0xbf58_476d_1ce4_e5b9
  hash = (hash ^ hash >> 27) &* 0x94d0_49bb_1331_11eb
  return hash ^ hash >> 31
}

/// SplitMix64 (Steele and others, 2014): the same numbers from a seed on every machine.
struct StableGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
