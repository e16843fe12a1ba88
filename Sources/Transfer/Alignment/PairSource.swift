// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Training

/// Where pairs come from: `FILE=LANGUAGE`, or `SOURCES,TARGETS=LANGUAGE` for two files whose lines belong together.
public struct PairSource: Sendable, Equatable {
  /// The file, of sources alone where there are two.
  public let path: String
  /// The file of targets, where there are two.
  public let targets: String?
  /// The targets' language, where it is said.
  public let language: String?

  /// The files that are read.
  public var files: [String] { [path] + [targets].compactMap(\.self) }

  /// Reads the form in text.
  ///
  /// - Throws: `CorpusError` where a part of it is missing.
  public init(_ text: String) throws(CorpusError) {
    var name = text
    if let equals = text.lastIndex(of: "="), !text[equals...].contains("/") {
      language = String(text[text.index(after: equals)...])
      name = String(text[..<equals])
      guard language?.isEmpty == false else {
        throw CorpusError(
          .language, "the language of the pairs is missing", expected: "FILE=LANGUAGE",
          found: "'\(text)'")
      }
    } else {
      language = nil
    }
    let parts = name.components(separatedBy: ",")
    let isOneFile = parts.count != 2 || FileManager.default.fileExists(atPath: name)
    path = isOneFile ? name : parts[0]
    targets = isOneFile ? nil : parts[1]
    guard !path.isEmpty, targets?.isEmpty != true else {
      throw CorpusError(
        .file, "the name of a file of pairs is missing",
        expected: "FILE=LANGUAGE, or SOURCES,TARGETS=LANGUAGE", found: "'\(text)'")
    }
  }

  /// The source of a language, where `{lang}` stands in a path.
  init(_ pattern: String, language: String) throws(CorpusError) {
    try self.init(
      pattern.replacingOccurrences(of: "{lang}", with: language)
        + (pattern.contains("=") ? "" : "=\(language)"))
  }

  /// The texts, in languages that need not be known.
  ///
  /// - Throws: `CorpusError` with file and line.
  public func texts(_ reader: ParallelReader = ParallelReader()) throws -> [ParallelText] {
    var reader = reader
    reader.targetLanguage = language
    return try reader.read(path, targets: targets)
  }

  /// The pairs, with the language that was said, else the file's own.
  ///
  /// - Parameters:
  ///   - reader: reads the files.
  ///   - weighsByScore: whether a pair counts as much as its score says, as that of a mined one; pairs without a score count 1.
  /// - Throws: `CorpusError` with file and line, also where a pair's language is not known, or where a score that is to weigh is below 0.
  public func pairs(
    _ reader: ParallelReader = ParallelReader(), weighsByScore: Bool = false
  ) throws -> [AlignmentPair] {
    try texts(reader).map { pair in
      guard let name = language ?? pair.language else {
        throw CorpusError(
          .language, "the pair's language is not known",
          expected: "FILE=LANGUAGE, or a column 'lang'", at: path, line: pair.place)
      }
      let weight = weighsByScore ? pair.score ?? 1 : 1
      guard weight >= 0 else {
        throw CorpusError(
          .format, "the score of a pair cannot be its weight", expected: "0 or more",
          found: "\(weight)", at: path, line: pair.place)
      }
      return AlignmentPair(pair.source, pair.target, language: name, weight: Float(weight))
    }
  }
}
