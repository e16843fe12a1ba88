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
  /// Fetches and writes the data into a folder that exists; `progress` is told each step.
  ///
  /// - Throws: `CorpusError` where fetching or writing fails; what the folder then holds is of no use.
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
  ///
  /// - Throws: `CorpusError.Code.file` where there is none of that name.
  public static func named(_ name: String, seed: UInt64 = 1) throws(CorpusError) -> any Importer {
    switch name {
    case HomeAssistantIntents.name: return HomeAssistantIntents(seed: seed)
    case DebianDescriptions.name: return DebianDescriptions(seed: seed)
    default:
      let known = all.map(\.name).joined(separator: ", ")
      throw CorpusError(.file, "there is no importer '\(name)'", expected: "one of \(known)")
    }
  }
}
