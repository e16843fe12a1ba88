// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Training

/// Where pairs come from: `FILE=LANGUAGE`, or `SOURCES,TARGETS=LANGUAGE` for two files whose lines belong together.
struct PairSource {
  let path: String
  let targets: String?
  let language: String?

  /// The files that are read.
  var files: [String] { [path] + [targets].compactMap(\.self) }

  /// Reads the form in text.
  init(_ text: String) throws {
    var name = text
    if let equals = text.lastIndex(of: "="), !text[equals...].contains("/") {
      language = String(text[text.index(after: equals)...])
      name = String(text[..<equals])
      guard language?.isEmpty == false else {
        throw ValidationError("expected FILE=LANGUAGE, found '\(text)' without a language")
      }
    } else {
      language = nil
    }
    let parts = name.components(separatedBy: ",")
    let isOneFile = parts.count != 2 || FileManager.default.fileExists(atPath: name)
    path = isOneFile ? name : parts[0]
    targets = isOneFile ? nil : parts[1]
    guard !path.isEmpty, targets?.isEmpty != true else {
      throw ValidationError("expected FILE=LANGUAGE, or SOURCES,TARGETS=LANGUAGE, found '\(text)'")
    }
  }

  static func parse(_ texts: [String]) throws -> [PairSource] { try texts.map(PairSource.init) }

  /// The pairs, with the language that was said, else the file's own.
  func pairs(_ reader: ParallelReader) throws -> [AlignmentPair] {
    var reader = reader
    reader.targetLanguage = language
    let found = try reader.read(path, targets: targets)
    return try found.map { pair in
      guard let name = language ?? pair.language else {
        throw CorpusError(
          .language, "the pair's language is not known",
          expected: "FILE=LANGUAGE, or a column 'lang'", at: path, line: pair.place)
      }
      return AlignmentPair(pair.source, pair.target, language: name)
    }
  }
}
