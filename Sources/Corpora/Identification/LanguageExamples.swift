// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Texts with their languages, from files in any of the ways that people keep them.
///
/// A path is one of:
/// - a pattern with `{lang}` and `{split}` in it (``CorpusPattern``): each language has its file;
/// - a file of lines that begin with `__label__` and a language;
/// - a `.tsv`, `.csv` or `.jsonl` with a column or key `lang`;
/// - any other file that ``ExampleReader`` reads, named for its language: `swh_Latn.txt`.
public struct LanguageExamples: Sendable {
  /// The paths, patterns among them.
  public var paths: [String]
  /// What `{split}` stands for in a pattern.
  public var split: String

  /// The texts of files and patterns.
  public init(_ paths: [String], split: String = "train") {
    self.paths = paths
    self.split = split
  }

  /// Whether a path is a pattern.
  public static func isPattern(_ path: String) -> Bool { path.contains("{lang}") }

  /// Calls `body` with each text and the name of its language, file by file.
  ///
  /// - Throws: `CorpusError` where a file cannot be read, or does not say what language a text is in.
  public func forEach(_ body: (_ text: String, _ language: String) throws -> Void) throws {
    for path in paths {
      guard Self.isPattern(path) else {
        try read(path, language: nil, body)
        continue
      }
      let pattern = try CorpusPattern(path)
      let languages = try pattern.languages(split: split)
      guard !languages.isEmpty else {
        throw CorpusError(
          .file, "no file fits the pattern", expected: "files of the split '\(split)'", at: path)
      }
      for language in languages {
        try read(
          pattern.file(language: language, split: split).path, language: language, body)
      }
    }
  }

  private func read(
    _ path: String, language: String?, _ body: (String, String) throws -> Void
  ) throws {
    var reader = ExampleReader()
    reader.requiresLabel = false
    // In fastText's format the label is the language; elsewhere a label is something else.
    let isLabelled = try ExampleFormat(path: path) == .fastText
    let named = language ?? Self.language(named: path)
    let stream = try reader.open(path)
    while let example = try stream.next() {
      let label = isLabelled ? example.label : nil
      guard let language = label ?? example.language ?? named else {
        throw CorpusError(
          .language, "nothing says what language the text is in",
          expected: "__label__ and a language before it, a column 'lang', or a file named for one",
          at: path, line: stream.line)
      }
      try body(example.text, language)
    }
  }

  /// The language that a file's name is: `data/swh_Latn.txt.gz` holds `swh_Latn`.
  private static func language(named path: String) -> String? {
    guard let name = path.split(separator: "/").last,
      let stem = name.split(separator: ".").first.map(String.init)
    else { return nil }
    return (try? LanguageTag(stem)) == nil ? nil : stem
  }
}
