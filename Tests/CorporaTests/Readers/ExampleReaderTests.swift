// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("ExampleReader")
struct ExampleReaderTests {
  /// A file and what is in it.
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var name: String
    var content: String
    var expected: [Example]
  }

  static let cases = [
    Case(
      testDescription: "TSV", name: "a.tsv",
      content: "text\tlabel\nturn it on\tlight\nplay \"that\" song\tmusic\n",
      expected: [
        Example(text: "turn it on", label: "light"),
        Example(text: "play \"that\" song", label: "music"),
      ]),
    Case(
      testDescription: "TSV with every column, in another order", name: "a.tsv",
      content: "id\tgroup\tlang\tlabel\ttext\n7\tg1\tpt_BR\tlight\tacenda\n",
      expected: [
        Example(
          text: "acenda", label: "light", language: "pt_BR", group: "g1", identifier: "7")
      ]),
    Case(
      testDescription: "TSV with a byte order mark, CRLF, blank lines and no last line feed",
      name: "a.tsv", content: "\u{feff}text\tlabel\r\n\r\none\tx\r\n\r\ntwo\ty",
      expected: [Example(text: "one", label: "x"), Example(text: "two", label: "y")]),
    Case(
      testDescription: "TSV with an empty optional field", name: "a.tsv",
      content: "text\tlabel\tlang\none\tx\t\n", expected: [Example(text: "one", label: "x")]),
    Case(
      testDescription: "CSV with commas, quotes and line breaks in quotes", name: "a.csv",
      content: "text,label\n\"one, two\",x\n\"he said \"\"no\"\"\",y\n\"first\r\nsecond\",z\n",
      expected: [
        Example(text: "one, two", label: "x"), Example(text: "he said \"no\"", label: "y"),
        Example(text: "first\nsecond", label: "z"),
      ]),
    Case(
      testDescription: "CSV with a quote inside a plain field, and spaces in the header",
      name: "a.csv", content: "text, label\n5\" screen,x\n",
      expected: [Example(text: "5\" screen", label: "x")]),
    Case(
      testDescription: "JSONL", name: "a.jsonl",
      content: """
        {"text": "ein Satz", "label": "x", "lang": "de"}

        {"label": 3, "text": "zwei\\nZeilen", "lang": null, "more": [1, {"a": 2}]}
        {"label": true, "text": "\\u00e9t\\u00e9"}
        {"label": 1.5, "text": "drei"}

        """,
      expected: [
        Example(text: "ein Satz", label: "x", language: "de"),
        Example(text: "zwei\nZeilen", label: "3"), Example(text: "été", label: "true"),
        Example(text: "drei", label: "1.5"),
      ]),
    Case(
      testDescription: "fastText", name: "a.txt",
      content: "__label__music play it\n__label__light\tturn it on \n",
      expected: [
        Example(text: "play it", label: "music"), Example(text: "turn it on", label: "light"),
      ]),
  ]

  @Test("reads each format", arguments: cases)
  func reads(_ test: Case) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(test.content, to: test.name)
    #expect(try ExampleReader().read(path) == test.expected)
  }

  @Test("reads each format gzipped", arguments: cases)
  func readsGzipped(_ test: Case) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(test.content, to: test.name)
    try ChildProcess.run("gzip", [path])
    #expect(try ExampleReader().read(path + ".gz") == test.expected)
  }

  @Test("takes columns by the names that it is told")
  func namedColumns() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("index_id\tcategory\tutt\n5\tx\tone\n", to: "a.tsv")
    var reader = ExampleReader()
    reader.textColumn = "utt"
    reader.labelColumn = "category"
    reader.identifierColumn = "index_id"
    #expect(try reader.read(path) == [Example(text: "one", label: "x", identifier: "5")])
  }

  @Test("takes a format that the name does not tell")
  func namedFormat() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("text,label\none,x\n", to: "a.data")
    var reader = ExampleReader()
    reader.format = .csv
    #expect(try reader.read(path) == [Example(text: "one", label: "x")])
  }

  @Test(
    "reads text without labels where none are required",
    arguments: [
      ("a.tsv", "text\nplain\n", nil as String?), ("a.tsv", "text\tlabel\nplain\t\n", nil),
      ("a.jsonl", "{\"text\": \"plain\"}\n", nil), ("a.txt", "plain\n", nil),
      ("a.txt", "__label__x plain\n", "x"),
    ])
  func unlabelled(_ name: String, _ content: String, _ label: String?) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(content, to: name)
    var reader = ExampleReader()
    reader.requiresLabel = false
    #expect(try reader.read(path) == [Example(text: "plain", label: label)])
  }

  @Test("reads one text a line as it is, also where it looks like a label")
  func lines() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("one sentence\n\n__label__x is text\n", to: "a.txt")
    var reader = ExampleReader()
    reader.format = .lines
    #expect(
      try reader.read(path) == [
        Example(text: "one sentence"), Example(text: "__label__x is text"),
      ])
  }

  @Test("hands over examples before it has read the file to its end")
  func streams() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("text\tlabel\none\tx\nragged\n", to: "a.tsv")
    let stream = try ExampleReader().open(path)
    #expect(try stream.next() == Example(text: "one", label: "x"))
    #expect(stream.line == 2)
    #expect(throws: CorpusError.self) { try stream.next() }
  }
}
