// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks
import Training

/// Pairs of texts that a recipe of a task names: of files, and of the source's examples by dictionaries.
struct RecipePairs {
  /// The pairs.
  let pairs: [AlignmentPair]
  /// A hash of each file that they are from, by what it is, and the language that it is of; nil where it may have several.
  private let files: [(name: String, language: String?, hash: String)]

  /// Reads the files of patterns, in which `{lang}` stands for each language but the source, and switches texts.
  init<Task: FileTask>(
    _ data: TaskRunData<Task>, _ patterns: [String], _ switching: CodeSwitchSection?,
    weighsByScore: Bool = false, seed: UInt64
  ) throws {
    var pairs: [AlignmentPair] = []
    var files: [(name: String, language: String?, hash: String)] = []
    for pattern in patterns {
      let sources = try Self.sources(pattern, data.others)
      for source in sources {
        for file in source.files {
          let hash = try FileDigest.sha256(of: URL(fileURLWithPath: file))
          files.append(("pairs.\(file)", source.language, hash))
        }
        pairs += try source.pairs(weighsByScore: weighsByScore)
      }
    }
    if let switching {
      for (language, hash) in try switching.dictionaryHashes(among: data.others) {
        files.append(("dictionary.\(language)", language, hash))
      }
      pairs += try data.pairs(switching, seed: seed)
    }
    (self.pairs, self.files) = (pairs, files)
  }

  /// What depends on them depends on: all files, or those that may have pairs of a language.
  func inputs(_ language: String? = nil) -> [String: String] {
    let own = files.filter { language == nil || $0.language == nil || $0.language == language }
    return Dictionary(own.map { ($0.name, $0.hash) }, uniquingKeysWith: { first, _ in first })
  }

  /// The files of a pattern: one for each language that has it.
  private static func sources(_ pattern: String, _ languages: [String]) throws -> [PairSource] {
    guard pattern.contains("{lang}") else { return [try PairSource(pattern)] }
    let sources = try languages.map { try PairSource(pattern, language: $0) }
      .filter { $0.files.allSatisfy(FileManager.default.fileExists(atPath:)) }
    guard !sources.isEmpty else {
      throw RecipeError(
        .data,
        "no target has such a file of pairs; the targets are \(languages.joined(separator: ", "))",
        at: pattern)
    }
    return sources
  }
}
