// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import WordVectors

extension StaticEncoder {
  static func wordFile(_ language: String) -> String { "words.\(language).vectors" }
  static func countFile(_ language: String) -> String { "counts.\(language).txt" }
  static func subwordFile(_ language: String?) -> String {
    language.map { "subwords.\($0).vectors" } ?? "subwords.vectors"
  }
  static let componentFile = "components.vectors"

  /// What a directory says of itself.
  static func manifest(of directory: URL) throws -> Manifest {
    let file = directory.appendingPathComponent(manifestFile)
    guard let data = try? Data(contentsOf: file) else {
      throw WordVectorError(
        .file, "there is no encoder of word vectors",
        expected: "a directory with \(manifestFile), as 'koine vectors encoder' makes it",
        at: directory.path)
    }
    guard let manifest = try? JSONDecoder().decode(Manifest.self, from: data),
      manifest.format == Manifest.version
    else {
      throw WordVectorError(
        .format, "not the manifest of an encoder of word vectors", expected: Manifest.version,
        at: file.path)
    }
    return manifest
  }

  static func languages(_ manifest: Manifest, in directory: URL) throws -> [SentenceLanguage] {
    func table(_ name: String) throws -> VectorTable {
      let table = try VectorTable(contentsOf: directory.appendingPathComponent(name).path)
      guard table.dimension == manifest.dimension else {
        throw WordVectorError(
          .format, "the vectors are not of this encoder", expected: "\(manifest.dimension) numbers",
          found: "\(table.dimension)", at: directory.appendingPathComponent(name).path)
      }
      return table
    }
    func isThere(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: directory.appendingPathComponent(name).path)
    }
    func subwords(_ name: String, _ shape: SubwordTable.Shape) throws -> SubwordTable? {
      guard isThere(name) else { return nil }
      return try SubwordTable(table(name), shape, name: directory.appendingPathComponent(name).path)
    }
    let shared = try manifest.subwords.flatMap { try subwords(subwordFile(nil), $0) }
    let components = manifest.common == .none ? nil : try table(componentFile)
    return try manifest.languages.map { language in
      let words = try table(wordFile(language.name))
      guard words.count == language.words else {
        throw WordVectorError(
          .format, "the words are not of this encoder", expected: "\(language.words)",
          found: "\(words.count)",
          at: directory.appendingPathComponent(wordFile(language.name)).path)
      }
      let own = try manifest.subwords.flatMap { try subwords(subwordFile(language.name), $0) }
      let component = components?.vector(of: language.name)
      guard components == nil || component != nil else {
        throw WordVectorError(
          .format, "the language '\(language.name)' has no component", expected: "a row for each",
          at: directory.appendingPathComponent(componentFile).path)
      }
      return try SentenceLanguage(
        name: language.name, words: words,
        counts: counts(directory.appendingPathComponent(countFile(language.name)), words.count),
        total: language.total, subwords: own ?? shared, component: component)
    }
  }

  private static func counts(_ file: URL, _ expected: Int) throws -> [Int] {
    var counts: [Int] = []
    counts.reserveCapacity(expected)
    try TextLines(file.path).forEach { line, number in
      guard let count = Int(line), count >= 0 else {
        throw CorpusError(
          .format, "not a count", expected: "a whole number", found: line, at: file.path,
          line: number)
      }
      counts.append(count)
    }
    guard counts.count == expected else {
      throw WordVectorError(
        .format, "words and their counts differ in number", expected: "\(expected) lines",
        found: "\(counts.count)", at: file.path)
    }
    return counts
  }
}
