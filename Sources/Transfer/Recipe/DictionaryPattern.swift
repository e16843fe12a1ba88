// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation

/// Dictionaries of many languages, by one path with `{lang}` in it.
struct DictionaryPattern {
  private let path: String

  init(_ path: String) { self.path = path }

  /// Where a language's dictionary is.
  func file(_ language: String) -> URL {
    URL(fileURLWithPath: path.replacingOccurrences(of: "{lang}", with: language))
  }

  /// The targets that have a dictionary.
  ///
  /// - Throws: `RecipeError` where none has.
  func languages(among targets: [String]) throws -> [String] {
    let found = targets.filter { FileManager.default.fileExists(atPath: file($0).path) }
    guard !found.isEmpty else {
      throw RecipeError(
        .data,
        "no target has a dictionary; expected such files as \(file(targets.first ?? "xx").path)",
        at: path)
    }
    return found
  }

  /// A hash of each language's dictionary.
  func hashes(of languages: [String]) throws -> [(language: String, hash: String)] {
    try languages.map { ($0, try FileDigest.sha256(of: file($0))) }
  }
}
