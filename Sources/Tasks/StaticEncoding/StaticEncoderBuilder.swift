// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import WordVectors

/// What sentences have in common, which is taken out of them (SIF).
public enum CommonComponent: String, Sendable, Codable, CaseIterable {
  /// Each language's own direction.
  case language
  /// One direction of all languages together.
  case joint
  /// Nothing is taken out.
  case none
}

/// Makes the directory of a ``StaticEncoder``.
public struct StaticEncoderBuilder: Sendable {
  /// The weight's parameter, a in `a / (a + p)`; 0.001.
  public var smoothing = 0.001
  /// What is taken out; each language's own direction.
  public var common = CommonComponent.language
  /// How text becomes words; as `WordSplitter` cuts it.
  public var cutting = StaticEncoder.Cutting.words
  /// The most sentences of a language that its component is found in, from all over them; 1,000.
  public var sampleLimit = 1000

  /// The defaults.
  public init() {}

  /// Writes the files of an encoder into a folder that exists.
  ///
  /// - Parameters:
  ///   - languages: the languages, the one first whose words others borrow first.
  ///   - sentences: text of each language that components are found in; what there is too much of is sampled.
  /// - Throws: `WordVectorError.Code.data` where a language lacks sentences for its component, and what writing throws.
  public func write(
    _ languages: [SentenceLanguage], sentences: [String: [String]], to folder: URL
  ) throws {
    for language in languages {
      let name = language.name
      guard !name.isEmpty, !name.contains("/"), !name.contains(" "), !name.hasPrefix(".") else {
        throw WordVectorError(
          .argument, "'\(name)' cannot be the name of a language", expected: "a code such as 'de'")
      }
    }
    var bare = languages
    for index in bare.indices { bare[index].component = nil }
    let space = try SentenceSpace(bare, smoothing: smoothing)
    let components = try components(space, sentences)
    let subwords = languages.compactMap(\.subwords)
    let shared = subwords.count == languages.count ? SubwordTable.union(subwords) : nil
    for language in languages {
      try write(language.words, StaticEncoder.wordFile(language.name), folder)
      let counts = language.counts.map(String.init).joined(separator: "\n") + "\n"
      try write(Array(counts.utf8), StaticEncoder.countFile(language.name), folder)
      if shared == nil, let own = language.subwords {
        try write(own.table, StaticEncoder.subwordFile(language.name), folder)
      }
    }
    if let shared { try write(shared.table, StaticEncoder.subwordFile(nil), folder) }
    if let components {
      let table = try VectorTable(
        words: WordList(languages.map(\.name)), vectors: VectorMatrix(components))
      try write(table, StaticEncoder.componentFile, folder)
    }
    let manifest = StaticEncoder.Manifest(
      cutting: cutting, dimension: space.dimension, smoothing: smoothing, common: common,
      subwords: subwords.first?.shape,
      languages: languages.map { .init(name: $0.name, words: $0.words.count, total: $0.total) })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try write(Array(encoder.encode(manifest)), StaticEncoder.manifestFile, folder)
  }

  /// The direction that is taken out of each language; nil where nothing is.
  private func components(
    _ space: SentenceSpace, _ sentences: [String: [String]]
  ) throws -> [[Float]]? {
    guard common != .none else { return nil }
    var means: [[[Double]]] = []
    for (index, language) in space.languages.enumerated() {
      let rows = sample(sentences[language.name] ?? []).map {
        space.mean(cutting.numbers(of: $0, in: space), language: index)
      }
      let found = rows.filter { $0.covered > 0 }.map { $0.vector.map(Double.init) }
      guard common == .joint || !found.isEmpty else {
        throw WordVectorError(
          .data, "there are no sentences of '\(language.name)' to find what they have in common",
          hint: "give some of its text, or take nothing out")
      }
      means.append(found)
    }
    func direction(_ sentences: [[Double]]) -> [Float] {
      SentenceWeighting.commonComponent(of: sentences).map(Float.init)
    }
    guard common == .joint else { return means.map(direction) }
    let all = means.flatMap(\.self)
    guard !all.isEmpty else {
      throw WordVectorError(
        .data, "there are no sentences to find what they have in common",
        hint: "give some text, or take nothing out")
    }
    let joint = direction(all)
    return means.map { _ in joint }
  }

  /// Sentences from all over a text.
  private func sample(_ sentences: [String]) -> [String] {
    guard sentences.count > sampleLimit else { return sentences }
    return (0..<sampleLimit).map { sentences[$0 * sentences.count / sampleLimit] }
  }

  private func write(_ table: VectorTable, _ name: String, _ folder: URL) throws {
    let file = try AtomicFile(folder.appendingPathComponent(name).path)
    try table.write(.mapped) { try file.write(contentsOf: $0) }
    try file.commit()
  }

  private func write(_ bytes: [UInt8], _ name: String, _ folder: URL) throws {
    let file = try AtomicFile(folder.appendingPathComponent(name).path)
    try file.write(contentsOf: bytes)
    try file.commit()
  }
}
