// SPDX-License-Identifier: Apache-2.0

import Corpora
import Transfer

/// The files that a pretraining reads.
struct PretrainingFiles {
  private let training: [LanguageFile]
  private let development: [LanguageFile]
  private let pairs: [PairSource]
  private let source: [String]
  /// The column or key of the text, in tables.
  private let column: String

  /// The files that arguments stand for.
  init(
    train: [String], development: [String], parallel: [String] = [], source: [String] = [],
    column: String
  ) throws {
    training = try train.flatMap(LanguageFile.named)
    self.development = try development.flatMap(LanguageFile.named)
    pairs = try parallel.map { try PairSource($0) }
    (self.source, self.column) = (source, column)
  }

  /// Files by what for, with the languages of those that have one: what checkpoints depend on.
  var roles: [(role: String, paths: [String])] {
    func roles(_ role: String, _ files: [LanguageFile]) -> [(role: String, paths: [String])] {
      files.map { file in
        (role: file.language.map { "\(role) of \($0)" } ?? role, paths: [file.path])
      }
    }
    return roles("train", training)
      + pairs.map { (role: "parallel \($0.language ?? "")", paths: $0.files) }
      + roles("development", development) + [("source", source)]
  }

  /// The texts of all files.
  func texts() throws -> LanguageTexts {
    func parts(_ files: [LanguageFile]) throws -> [LanguageTexts.Part] {
      try files.map { LanguageTexts.Part(try lines($0.path), language: $0.language ?? "") }
    }
    return LanguageTexts(
      try parts(training), development: try parts(development), source: try source.flatMap(lines),
      pairs: try pairs.flatMap { try $0.texts() })
  }

  /// The texts of a file, of a table's one column or of lines.
  private func lines(_ file: String) throws -> [String] {
    var reader = ExampleReader()
    reader.textColumn = column
    reader.requiresLabel = false
    let format = (try? ExampleFormat(path: file)) ?? .lines
    reader.format = format == .fastText ? .lines : format
    return try reader.read(file).map(\.text)
  }
}
