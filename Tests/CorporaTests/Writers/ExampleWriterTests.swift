// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("ExampleWriter")
struct ExampleWriterTests {
  static let examples = [
    Example(text: "one \"quoted\"", label: "x", language: "de", group: "g", identifier: "1"),
    Example(text: "日本語 / été", label: "y", language: "ja", group: "h", identifier: "2"),
  ]

  @Test("writes what the reader reads", arguments: ["a.tsv", "a.jsonl"])
  func roundTrip(_ name: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path(name)
    let writer = try ExampleWriter(path, columns: ExampleWriter.Column.allCases)
    for example in Self.examples { try writer.append(example) }
    try writer.finish()
    #expect(try ExampleReader().read(path) == Self.examples)
    #expect(try folder.names() == [name])
  }

  @Test("writes the columns that were asked for, in their order")
  func columns() throws {
    let folder = try TemporaryFolder()
    let writer = try ExampleWriter(folder.path("a.tsv"), columns: [.label, .text])
    for example in Self.examples { try writer.append(example) }
    try writer.finish()
    let text = try String(contentsOfFile: folder.path("a.tsv"), encoding: .utf8)
    #expect(text == "label\ttext\nx\tone \"quoted\"\ny\t日本語 / été\n")
  }

  @Test("keeps line breaks in JSONL")
  func lineBreaks() throws {
    let folder = try TemporaryFolder()
    let example = Example(text: "one\ttwo\nthree", label: "x")
    let writer = try ExampleWriter(folder.path("a.jsonl"))
    try writer.append(example)
    try writer.finish()
    #expect(try ExampleReader().read(folder.path("a.jsonl")) == [example])
  }

  @Test("refuses what a TSV cannot hold, and leaves nothing", arguments: ["a\tb", "a\nb", "a\rb"])
  func refuses(_ text: String) throws {
    let folder = try TemporaryFolder()
    do {
      let writer = try ExampleWriter(folder.path("a.tsv"))
      try writer.append(Example(text: "fine", label: "x"))
      let error = #expect(throws: CorpusError.self) {
        try writer.append(Example(text: text, label: "x"))
      }
      #expect(error?.line == 3)
    }
    #expect(try folder.names().isEmpty)
  }

  @Test("refuses formats that it does not write", arguments: ["a.csv", "a.txt", "a.tsv.gz", "a"])
  func formats(_ name: String) throws {
    let folder = try TemporaryFolder()
    #expect(throws: CorpusError.self) { try ExampleWriter(folder.path(name)) }
    #expect(try folder.names().isEmpty)
  }
}
