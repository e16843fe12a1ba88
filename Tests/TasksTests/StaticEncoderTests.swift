// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Testing
import Torch
import WordVectors

@Suite struct StaticEncoderTests {
  private static func languages() throws -> [SentenceLanguage] {
    func language(_ name: String, _ words: [String], _ shift: Float) throws -> SentenceLanguage {
      let vectors = words.indices.map { [1, Float($0), shift, Float($0 * $0) - 2] }
      return try SentenceLanguage(
        name: name,
        words: VectorTable(words: WordList(words), vectors: VectorMatrix(vectors)),
        counts: words.indices.map { 40 / ($0 + 1) }, total: 100)
    }
    return [
      try language("en", ["sun", "sea", "ice", "snow"], 0.5),
      try language("de", ["sonne", "meer", "eis", "schnee"], -0.5),
    ]
  }

  private static let sentences = [
    "en": ["Sun, sea!", "Ice and snow.", "The sun"],
    "de": ["Sonne und Meer", "Eis, Schnee", "Meer"],
  ]

  private static func made(
    _ common: CommonComponent = .language, sentences: [String: [String]] = Self.sentences
  ) throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-static-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var builder = StaticEncoderBuilder()
    builder.common = common
    try builder.write(languages(), sentences: sentences, to: folder)
    return folder
  }

  private static func embed(_ folder: URL, _ texts: [String], _ language: String?) async throws
    -> [[Float]]
  {
    try await Compute.run {
      let encoder = try SentenceEncoders.open(folder)
      let flat = try encoder.embed(encoder.rows(texts), language: language)
        .elements(as: Float.self)
      return stride(from: 0, to: flat.count, by: 4).map { Array(flat[$0..<$0 + 4]) }
    }
  }

  @Test("what is written opens again, with vectors of length one, twice the same bytes")
  func reopens() async throws {
    let folder = try Self.made()
    #expect(SentenceEncoders.isStatic(folder))
    let vectors = try await Self.embed(folder, ["sun sea", "ice"], "en")
    for vector in vectors {
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }
    let again = try Self.made()
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names.contains("encoder.json") && names.allSatisfy(StaticEncoder.reads))
    for name in names {
      let files = [folder, again].map { $0.appendingPathComponent(name) }
      #expect(try Data(contentsOf: files[0]) == Data(contentsOf: files[1]), "\(name)")
    }
  }

  @Test("what a language's sentences have in common is taken out of each")
  func component() async throws {
    let (with, without) = (try Self.made(), try Self.made(.none))
    let (one, other) = (
      try await Self.embed(with, ["sun sea"], "en"),
      try await Self.embed(without, ["sun sea"], "en")
    )
    #expect(one != other)
    #expect(throws: WordVectorError.self) {
      try Self.made(sentences: ["en": Self.sentences["en"] ?? []])
    }
    _ = try Self.made(.joint, sentences: ["en": Self.sentences["en"] ?? []])
  }

  @Test("a text's language is told from its words where it is not given, or is not known")
  func tellsLanguage() async throws {
    let folder = try Self.made()
    let given = try await Self.embed(folder, ["sonne und meer"], "de")
    #expect(try await Self.embed(folder, ["sonne und meer"], nil) == given)
    #expect(try await Self.embed(folder, ["sonne und meer"], "xx") == given)
  }

  @Test("a text without a known word gives zeros, and is counted")
  func empty() async throws {
    let folder = try Self.made()
    let count = try await Compute.run {
      let encoder = try StaticEncoder(directory: folder)
      let rows = encoder.rows(["zebra", "sun", ""])
      let numbers = try encoder.embed(rows, language: "en").elements(as: Float.self)
      #expect(numbers[0..<4].allSatisfy { $0 == 0 } && numbers[8..<12].allSatisfy { $0 == 0 })
      #expect(numbers[4..<8].contains { $0 != 0 })
      return encoder.emptyCount
    }
    #expect(count == 2)
  }

  @Test("files that do not belong together are refused by name")
  func damaged() throws {
    let folder = try Self.made()
    let counts = folder.appendingPathComponent("counts.de.txt")
    try Data("1\n2\n".utf8).write(to: counts)
    #expect {
      try StaticEncoder(directory: folder)
    } throws: {
      "\($0)".contains("counts.de.txt")
    }
    try FileManager.default.removeItem(at: folder.appendingPathComponent("words.en.vectors"))
    #expect {
      try StaticEncoder(directory: folder)
    } throws: {
      "\($0)".contains("words.en.vectors")
    }
    #expect(throws: WordVectorError.self) {
      try StaticEncoder(directory: folder.appendingPathComponent("none"))
    }
  }
}
