// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Transfer
import WordVectors

/// The two sides of what is mined, and how pairs of them are written.
struct PairSides {
  let source: MiningTexts
  let target: MiningTexts

  /// Reads both sides and says what takes no part.
  init(_ source: String, _ target: String, column: String?, keepsCopies: Bool) throws {
    var left = try Self.texts(source, column)
    var right = try Self.texts(target, column)
    if !keepsCopies {
      let copies = MiningTexts.removeCopies(&left, &right)
      if copies > 0 { Terminal.log("\(copies) texts are the same on both sides and left out") }
    }
    guard !left.texts.isEmpty, !right.texts.isEmpty else {
      throw CorpusError(
        .format, "no text is left that is not the same on the other side",
        expected: "texts of two languages", at: left.texts.isEmpty ? left.name : right.name)
    }
    (self.source, self.target) = (left, right)
  }

  private static func texts(_ argument: String, _ column: String?) throws -> MiningTexts {
    let files = try LanguageFile.files(for: argument)
    guard files.count == 1 else {
      throw CorpusError(.file, "expected one file, found \(files.count)", at: argument)
    }
    let layout = try RecordLayout(path: files[0].path, fields: column.map { [$0] } ?? [])
    let texts = try MiningTexts(
      RecordReader([files[0].path], layout: layout), language: files[0].language)
    let left = [(texts.repeatedCount, "repeated"), (texts.blankCount, "blank")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    if !left.isEmpty {
      Terminal.log("\(texts.name): \(left.joined(separator: " and ")) lines are left out")
    }
    return texts
  }

  /// Texts of both sides.
  var count: Int { source.texts.count + target.texts.count }

  /// Writes pairs line by line, below a header unless it is JSON.
  func write(
    _ pairs: [MarginMining.Pair], json: Bool, to body: (String) throws -> Void
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if !json {
      try body("score\tsource_line\ttarget_line\tsource\ttarget\tsource_file\ttarget_file\n")
    }
    for pair in pairs {
      let (x, y) = (Self.end(source, pair.source), Self.end(target, pair.target))
      guard !json else {
        let line = try encoder.encode(Line(score: pair.score, source: x, target: y))
        try body(String(decoding: line, as: UTF8.self) + "\n")
        continue
      }
      let fields = [
        String(format: "%.6f", pair.score), "\(x.line)", "\(y.line)", x.text, y.text, x.file,
        y.file,
      ]
      try body(fields.map(Self.field).joined(separator: "\t") + "\n")
    }
  }

  private static func end(_ texts: MiningTexts, _ place: Int) -> End {
    End(file: texts.name, line: texts.lines[place], text: texts.texts[place])
  }

  /// A table has no other way to write a tab.
  static func field(_ text: String) -> String {
    text.contains("\t") ? text.replacingOccurrences(of: "\t", with: " ") : text
  }

  private struct Line: Encodable {
    var score: Double
    var source: End
    var target: End
  }

  private struct End: Encodable {
    var file: String
    var line: Int
    var text: String
  }
}
