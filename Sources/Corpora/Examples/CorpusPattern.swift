// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where a task's files are: a path with `{lang}` and `{split}` in it, as `data/{lang}/{split}.tsv`.
public struct CorpusPattern: Sendable, Equatable {
  /// The path, placeholders and all.
  public let path: String

  /// Whether splits have files of their own.
  public var hasSplits: Bool { path.contains("{split}") }

  /// A pattern.
  ///
  /// - Parameters:
  ///   - path: the path, placeholders and all.
  ///   - requiresSplit: whether each split must have a file of its own.
  /// - Throws: `CorpusError.Code.file` where a placeholder is missing or is none of the two.
  public init(_ path: String, requiresSplit: Bool = true) throws(CorpusError) {
    let example =
      requiresSplit
      ? "a path with {lang} and {split} in it, as data/{lang}/{split}.tsv"
      : "a path with {lang} in it, as xquad/xquad.{lang}.json"
    guard path.contains("{lang}"), path.contains("{split}") || !requiresSplit else {
      throw CorpusError(.file, "the pattern lacks a placeholder", expected: example, at: path)
    }
    for part in path.split(separator: "{").dropFirst(path.hasPrefix("{") ? 0 : 1) {
      guard let end = part.firstIndex(of: "}") else { continue }
      let name = part[..<end]
      guard name == "lang" || name == "split" else {
        throw CorpusError(
          .file, "the pattern has an unknown placeholder", expected: example, found: "{\(name)}",
          at: path)
      }
    }
    self.path = path
  }

  /// The file of a language's split, whether it is there or not.
  public func file(language: String, split: String) -> URL {
    URL(fileURLWithPath: filled(language: language, split: split))
  }

  /// The languages that have a file for a split, as the files name them, sorted.
  ///
  /// - Throws: `CorpusError.Code.file` where the folder that holds them is absent.
  public func languages(split: String) throws(CorpusError) -> [String] {
    let parts = path.replacingOccurrences(of: "{split}", with: split)
      .split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let place = parts.firstIndex(where: { $0.contains("{lang}") }) else { return [] }
    let folder = parts[..<place].joined(separator: "/")
    let root = folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: root) else {
      throw CorpusError(
        .file, "there is no such folder", expected: "files like \(path)", at: root)
    }
    let literals = parts[place].components(separatedBy: "{lang}")
    return names.compactMap { Self.language(in: $0, between: literals) }
      .filter { language in
        FileManager.default.fileExists(atPath: filled(language: language, split: split))
      }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The language as the files name it, where they may write its tag in another way: `pt_BR` for `pt-BR`.
  public func language(_ wanted: LanguageTag, split: String) throws(CorpusError) -> String? {
    try languages(split: split).first { (try? LanguageTag($0)) == wanted }
  }

  private func filled(language: String, split: String) -> String {
    path.replacingOccurrences(of: "{lang}", with: language)
      .replacingOccurrences(of: "{split}", with: split)
  }

  /// What stands in a name wherever `{lang}` stands in the pattern; nil where the name does not fit it.
  private static func language(in name: String, between literals: [String]) -> String? {
    let count = literals.count - 1
    let rest = name.utf8.count - literals.reduce(0) { $0 + $1.utf8.count }
    guard count > 0, rest > 0, rest % count == 0, !name.hasPrefix(".") else { return nil }
    let start = name.utf8.index(name.startIndex, offsetBy: literals[0].utf8.count)
    let end = name.utf8.index(start, offsetBy: rest / count)
    let language = String(name[start..<end])
    return literals.joined(separator: language) == name ? language : nil
  }
}
