// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("ExampleReader, given bad input")
struct ExampleReaderMistakeTests {
  /// A file with a mistake, and what the error must say.
  struct Mistake: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var name: String
    var content: Data
    var code: CorpusError.Code
    var line: Int?
    /// Words that the sentence must have in it.
    var words: [String]

    init(
      _ description: String, _ name: String, _ content: String, _ code: CorpusError.Code,
      line: Int? = nil, _ words: String...
    ) {
      self.init(description, name, Data(content.utf8), code, line: line, words)
    }

    init(
      _ description: String, _ name: String, _ content: Data, _ code: CorpusError.Code,
      line: Int? = nil, _ words: [String]
    ) {
      testDescription = description
      self.name = name
      self.content = content
      self.code = code
      self.line = line
      self.words = words
    }
  }

  static let long = String(repeating: "word ", count: 1 << 18)

  static let mistakes = [
    Mistake("an empty file", "a.tsv", "", .format, "the file is empty"),
    Mistake("an empty JSONL", "a.jsonl", "", .format, "the file is empty"),
    Mistake("a byte order mark alone", "a.csv", "\u{feff}", .format, "no examples"),
    Mistake("a header alone", "a.tsv", "text\tlabel\n", .format, "no examples"),
    Mistake(
      "no text column", "a.tsv", "texts\tlabel\nx\ty\n", .column, line: 1,
      "no column 'text'", "'texts', 'label'", "did you mean 'texts'"),
    Mistake(
      "no label column", "a.csv", "text,category,Lable\nx,y,z\n", .column, line: 1,
      "no column 'label'", "did you mean 'Lable'"),
    Mistake(
      "a column twice", "a.tsv", "text\tlabel\ttext\na\tb\tc\n", .column, line: 1,
      "'text' twice"),
    Mistake(
      "a row that is too short", "a.tsv", "text\tlabel\none\tx\ntwo\n", .format, line: 3,
      "expected 2 fields", "found 1"),
    Mistake(
      "a row that is too long", "a.csv", "text,label\none,x,\n", .format, line: 2,
      "expected 2 fields", "found 3"),
    Mistake("an empty text", "a.tsv", "text\tlabel\n \tx\n", .format, line: 2, "text is empty"),
    Mistake(
      "an empty label", "a.csv", "text,label\nok,x\none,\"\"\n", .format, line: 3,
      "label is empty"),
    Mistake(
      "an empty label in JSON", "a.jsonl", "{\"text\": \"a\", \"label\": \"\"}", .format, line: 1,
      "label is empty"),
    Mistake(
      "a quote that stays open", "a.csv", "text,label\n\"one,x\ntwo,y\n", .format, line: 2,
      "never closed"),
    Mistake(
      "text after a quote", "a.csv", "text,label\n\"one\" two,x\n", .format, line: 2,
      "after its closing quote"),
    Mistake(
      "a line that is no object", "a.jsonl", "{\"text\": \"a\", \"label\": \"b\"}\n[1]\n", .format,
      line: 2, "not a JSON object"),
    Mistake(
      "broken JSON", "a.jsonl", "{\"text\": \"a\n", .format, line: 1, "not a JSON object"),
    Mistake(
      "no key", "a.jsonl", "{\"utterance\": \"a\", \"label\": \"b\"}\n", .column, line: 1,
      "no key 'text'", "'label', 'utterance'"),
    Mistake(
      "a list as text", "a.jsonl", "{\"text\": [\"a\"], \"label\": \"b\"}\n", .format, line: 1,
      "'text' is not text"),
    Mistake("no label", "a.txt", "__label__x one\ntwo\n", .format, line: 2, "no label"),
    Mistake(
      "several labels", "a.txt", "__label__x __label__y one\n", .format, line: 1,
      "several labels"),
    Mistake("a nameless label", "a.txt", "__label__ one\n", .format, line: 1, "no name"),
    Mistake("a label alone", "a.txt", "__label__x\n", .format, line: 1, "text is empty"),
    Mistake(
      "invalid UTF-8", "a.tsv",
      Data("text\tlabel\none\tx\n".utf8) + [0x63, 0xe9, 0x09, 0x78, 0x0a],
      .encoding, line: 3, ["not valid UTF-8", "iconv"]),
    Mistake(
      "UTF-16", "a.csv", Data([0xff, 0xfe, 0x74, 0x00]), .encoding, line: 1, ["not valid UTF-8"]),
    Mistake(
      "a line of more than 1 MiB", "a.tsv", "text\tlabel\n\(long)\tx\n", .length, line: 2,
      "longer than 1048576 bytes"),
    Mistake(
      "a file of one long line", "a.jsonl", long + long, .length, line: 1,
      "longer than 1048576 bytes"),
    Mistake(
      "a quote that swallows more than 1 MiB", "a.csv",
      "text,label\n\"" + String(repeating: "a,b\n", count: 1 << 19), .format, line: 2,
      "never closed"),
    Mistake("a name that tells no format", "a.dat", "x", .format, ".tsv, .csv"),
    Mistake("damaged gzip", "a.tsv.gz", "text\tlabel\n", .format, "not whole gzip data"),
  ]

  @Test("says what is wrong, and where", arguments: mistakes)
  func mistake(_ mistake: Mistake) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(mistake.content, to: mistake.name)
    let error = #expect(throws: CorpusError.self) { try ExampleReader().read(path) }
    #expect(error?.code == mistake.code)
    #expect(error?.file == path)
    #expect(error?.line == mistake.line)
    for words in mistake.words {
      #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }
  }

  @Test("names a file that is not there")
  func missing() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("none.tsv")
    #expect(throws: CorpusError(.file, "there is no such file", at: path)) {
      try ExampleReader().read(path)
    }
  }

  @Test("names a folder in a file's place")
  func folderInPlace() throws {
    let folder = try TemporaryFolder()
    try folder.write("x", to: "a.tsv/inside")
    let error = #expect(throws: CorpusError.self) {
      try ExampleReader().read(folder.path("a.tsv"))
    }
    #expect(error?.code == .file)
  }

  @Test("finds that a gzip file was cut off")
  func cutOff() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<5000).map { "text \($0 &* 2_654_435_761)\tlabel\($0 % 7)\n" }.joined()
    let path = try folder.write("text\tlabel\n" + rows, to: "a.tsv")
    try ChildProcess.run("gzip", [path])
    let whole = try Data(contentsOf: URL(fileURLWithPath: path + ".gz"))
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path + ".gz"))
    let error = #expect(throws: CorpusError.self) { try ExampleReader().read(path + ".gz") }
    #expect(error?.code == .format)
    #expect(error?.file == path + ".gz")
  }

  @Test(
    "takes a line of just the limit, and not a byte more", arguments: [(20, true), (19, false)])
  func limit(_ limit: Int, _ isTaken: Bool) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("text\tlabel\n123456789012345678\tx\n", to: "a.tsv")
    var reader = ExampleReader()
    reader.lengthLimit = limit
    if isTaken {
      #expect(try reader.read(path).count == 1)
    } else {
      #expect(throws: CorpusError.self) { try reader.read(path) }
    }
  }
}
