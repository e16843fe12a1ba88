// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where a task's files are: a path with `{lang}` and `{split}` in it, as `data/{lang}/{split}.tsv`.
public struct CorpusPattern: Sendable, Equatable {
  /// The path, placeholders and all.
  public let path: String

  /// A pattern; `{lang}` must stand in one folder's or the file's name.
  public init(_ path: String) throws(CorpusError) {
    guard path.contains("{lang}"), path.contains("{split}") else {
      throw CorpusError(
        .file, "expected a path with {lang} and {split} in it, as data/{lang}/{split}.tsv", at: path
      )
    }
    self.path = path
  }

  /// The file of a language's split.
  public func file(language: String, split: String) -> URL {
    URL(
      fileURLWithPath: path.replacingOccurrences(of: "{lang}", with: language)
        .replacingOccurrences(of: "{split}", with: split))
  }

  /// The languages that have a file for a split, sorted.
  public func languages(split: String) throws(CorpusError) -> [String] {
    let parts = path.replacingOccurrences(of: "{split}", with: split)
      .split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let place = parts.firstIndex(where: { $0.contains("{lang}") }) else { return [] }
    let folder = parts[..<place].joined(separator: "/")
    let root = folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: root) else {
      throw CorpusError(.file, "there is no such folder", at: root)
    }
    let pieces = parts[place].components(separatedBy: "{lang}")
    guard let before = pieces.first, let after = pieces.last else { return [] }
    return names.compactMap { name -> String? in
      guard name.hasPrefix(before), name.hasSuffix(after),
        name.utf8.count > before.utf8.count + after.utf8.count
      else { return nil }
      let language = String(name.dropFirst(before.count).dropLast(after.count))
      let file = self.file(language: language, split: split).path
      return FileManager.default.fileExists(atPath: file) ? language : nil
    }.sorted()
  }
}
