// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Imported examples by language and split, in the order they are written in.
struct ImportedCorpus: Equatable {
  /// Examples by language, then by split.
  var examples: [String: [String: [Example]]] = [:]

  /// Rows by language, split and label.
  var counts: [String: [String: [String: Int]]] {
    examples.mapValues { splits in
      splits.mapValues { examples in
        Dictionary(examples.map { ($0.label ?? "", 1) }, uniquingKeysWith: +)
      }
    }
  }

  /// Writes `<language>/<split>.tsv` with the columns `id`, `text`, `label`, `group`, and says what was
  /// written.
  func write(to folder: URL) throws -> [String: ImportManifest.File] {
    var files: [String: ImportManifest.File] = [:]
    for (language, splits) in examples.sorted(by: { $0.key < $1.key }) {
      let place = folder.appendingPathComponent(language)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      for (split, examples) in splits.sorted(by: { $0.key < $1.key }) {
        let file = place.appendingPathComponent("\(split).tsv")
        let writer = try ExampleWriter(file.path, columns: [.identifier, .text, .label, .group])
        for (number, example) in examples.enumerated() {
          var example = example
          example.identifier = "\(language)-\(split)-\(number)"
          try writer.append(example)
        }
        try writer.finish()
        files["\(language)/\(split).tsv"] = try ImportManifest.File(file)
      }
    }
    return files
  }
}
