// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Tasks
import TestWorld
import Testing
import Torch
import Transfer
import Transformers

@Suite(.serialized) struct TrimmedBaseTests {
  private static func trim(
    _ world: URL, _ lines: [String], to output: URL, pieces: Int? = nil
  ) throws -> TrimmedBase.Summary {
    let base = try TextEncoder(directory: world.appendingPathComponent("base"), prefix: .none)
    let text = try TrimmedBase.text(for: base)
    let language = text.language(named: "")
    let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    try bytes.withUnsafeBufferPointer { try text.add($0, language: language) }
    var trimmer = VocabularyTrimmer()
    trimmer.mostPieces = pieces
    return try TrimmedBase(base, by: trimmer, for: text).write(to: output)
  }

  @Test("what is said of the text that was counted stays, with fewer pieces")
  func same() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        try TinyWorld.makeModel(in: home, hasMask: true)
        let output = home.appendingPathComponent("small")
        let lines = ["aa sun sea", "bb nus", "frost sun"]
        let summary = try Self.trim(home, lines, to: output)
        #expect(summary.after < summary.before && summary.bytesAfter < summary.bytesBefore)
        let base = try TextEncoder(directory: home.appendingPathComponent("base"), prefix: .none)
        let small = try TextEncoder(directory: output, prefix: .none)
        #expect(small.vocabularySize == summary.after)
        let one = try base.embed(base.rows(lines)).elements(as: Float.self)
        let other = try small.embed(small.rows(lines)).elements(as: Float.self)
        #expect(zip(one, other).allSatisfy { abs($0 - $1) < 1e-6 })
        // The table of ids leads to the same pieces.
        let table = try String(
          contentsOf: output.appendingPathComponent(TrimmedBase.idsFile), encoding: .utf8)
        let rows = table.split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
        #expect(rows.count == summary.after)
        for row in rows {
          let (new, old) = (try #require(Int(row[0])), try #require(Int(row[1])))
          #expect(small.tokenizer.piecesByID[new] == base.tokenizer.piecesByID[old])
        }
        // A base as any other: it can be trimmed again.
        let again = try Self.trimmedAgain(output, home.appendingPathComponent("smaller"))
        #expect(again.after < summary.after)
      }
    }
    withExtendedLifetime(world) {}
  }

  private static func trimmedAgain(_ from: URL, _ output: URL) throws -> TrimmedBase.Summary {
    let base = try TextEncoder(directory: from, prefix: .none)
    let text = try TrimmedBase.text(for: base)
    let bytes = Array("sun\n".utf8)
    try bytes.withUnsafeBufferPointer { try text.add($0, language: text.language(named: "")) }
    return try TrimmedBase(base, by: VocabularyTrimmer(), for: text).write(to: output)
  }

  @Test("of more pieces than are wanted the most used are left")
  func most() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        try TinyWorld.makeModel(in: home, hasMask: true)
        let lines = ["sun sun sun sea", "sun sea", "frost"]
        let all = try Self.trim(home, lines, to: home.appendingPathComponent("all"))
        let output = home.appendingPathComponent("few")
        let few = try Self.trim(home, lines, to: output, pieces: all.after - 1)
        #expect(few.after == all.after - 1)
        let pieces = try TextEncoder(directory: output, prefix: .none).tokenizer.piecesByID
        #expect(pieces.contains("▁sun") && pieces.contains("▁sea") && !pieces.contains("▁frost"))
        let error = #expect(throws: SubwordError.self) {
          try Self.trim(home, lines, to: home.appendingPathComponent("none"), pieces: 2)
        }
        #expect(error?.message.contains("always stay") == true)
        #expect(!FileManager.default.fileExists(atPath: home.appendingPathComponent("none").path))
      }
    }
    withExtendedLifetime(world) {}
  }
}
