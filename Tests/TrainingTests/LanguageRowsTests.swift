// SPDX-License-Identifier: Apache-2.0

import Subwords
import Tasks
import TestWorld
import Testing
import Torch

@testable import Training

@Suite(.serialized) struct LanguageRowsTests {
  private static func encoder(_ length: Int = 32) async throws -> RowEncoder {
    let world = try TinyWorld()
    let home = world.folder
    return try await Compute.run {
      try TinyWorld.makeModel(in: home, hasMask: true)
      defer { withExtendedLifetime(world) {} }
      return RowEncoder(
        try Tokenizer(contentsOf: home.appendingPathComponent("base")), maximumLength: length)
    }
  }

  @Test("a line is the row that a task reads, with its prefix")
  func lines() async throws {
    let encoder = try await Self.encoder()
    var layout = LanguageRows.Layout()
    layout.prefix = "ice: "
    let lines = ["sun sea", "", "aa snow <mask>", " "]
    let rows = try LanguageRows(lines, encoder, layout)
    #expect(rows.rows == [lines[0], lines[2]].map { encoder.row("ice: \($0)").ids })
    #expect(rows.frontLength == 1 + encoder.row("ice:").ids.count - 2)
    #expect((rows.lineCount, rows.emptyLineCount, rows.cutLineCount) == (4, 2, 0))
    // A line cannot spell a special token.
    #expect(!rows.rows.joined().contains(40))
  }

  @Test("nothing of a long line is lost")
  func windows() async throws {
    let encoder = try await Self.encoder(8)
    let line = (0..<20).map { ["sun", "sea", "ice"][$0 % 3] }.joined(separator: " ")
    let rows = try LanguageRows([line], encoder)
    #expect(rows.rows.count == 4 && rows.cutLineCount == 1)
    #expect(rows.rows.allSatisfy { $0.first == 0 && $0.last == 2 && $0.count <= 8 })
    let whole = encoder.tokenizer.ids(of: line, addsSpecialTokens: false)
    #expect(rows.rows.flatMap { $0.dropFirst().dropLast() } == whole)
    #expect(rows.tokenCount == whole.count + 2 * 4)
  }

  @Test("lines are joined as long as there is room, with the end's token between them")
  func joined() async throws {
    let encoder = try await Self.encoder(8)
    var layout = LanguageRows.Layout()
    layout.joinsLines = true
    let lines = ["sun sea", "ice", "snow aa bb", "cc"]
    let rows = try LanguageRows(lines, encoder, layout)
    let ids = lines.map { encoder.tokenizer.ids(of: $0, addsSpecialTokens: false) }
    #expect(rows.rows == [[0] + ids[0] + [2] + ids[1] + [2], [0] + ids[2] + [2] + ids[3] + [2]])
  }

  @Test("a pair is one row as tasks read pairs, cut at the longer text")
  func pairs() async throws {
    let encoder = try await Self.encoder(8)
    var rows = try LanguageRows(["sun"], encoder)
    try rows.append(
      pairs: [("sun sea", "ice snow"), ("sun", " "), ("sun sea sand ice snow frost aa", "bb cc")],
      encoder)
    #expect(
      try rows.rows == [encoder.row("sun").ids] + [
        encoder.row("sun sea", "ice snow").ids,
        encoder.row("sun sea sand ice snow frost aa", "bb cc").ids,
      ])
    #expect((rows.lineCount, rows.emptyLineCount, rows.cutLineCount) == (4, 1, 1))
    let bb = encoder.tokenizer.ids(of: "bb cc", addsSpecialTokens: false)
    #expect(
      rows.rows[2].count == 8 && rows.rows[2].contains(bb[0]) && rows.rows[2].contains(bb[1]))
    let tiny = encoder.limited(to: 1)
    #expect(throws: TrainingError.self) { try rows.append(pairs: [("sun", "ice")], tiny) }
  }

  @Test("rows without room for text are refused")
  func noRoom() async throws {
    let encoder = try await Self.encoder(2)
    #expect {
      try LanguageRows(["sun"], encoder)
    } throws: { "\($0)".contains("no room for text") }
  }
}
