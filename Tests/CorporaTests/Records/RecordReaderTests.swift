// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("RecordReader")
struct RecordReaderTests {
  private func read(
    _ paths: [String], _ layout: RecordLayout, invalid: InvalidText = .stop,
    limit: Int = TextLines.lengthLimit
  ) throws -> [TextRecord] {
    let reader = try RecordReader(paths, layout: layout, invalid: invalid, limit: limit)
    var records: [TextRecord] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  private func texts(_ records: [TextRecord]) -> [[String]] {
    records.map { $0.texts.map { String(decoding: $0, as: UTF8.self) } }
  }

  @Test("takes texts from lines, columns by name and number, and keys")
  func layouts() throws {
    let folder = try TemporaryFolder()
    let lines = try folder.write("a\n\nb\tc\n", to: "a.txt")
    #expect(try texts(read([lines], RecordLayout(path: lines))) == [["a"], [""], ["b\tc"]])
    let table = try folder.write("x\ttext\n1\tone\n\n2\ttwo\n", to: "a.tsv")
    #expect(try texts(read([table], RecordLayout(path: table))) == [["one"], ["two"]])
    #expect(
      try texts(read([table], RecordLayout(.tsv, fields: ["2", "1"])))
        == [["text", "x"], ["one", "1"], ["two", "2"]])
    let json = try folder.write(
      "{\"b\":\"\\ud83d\\ude00\",\"a\":\"x\\ty\",\"c\":{\"a\":[1,{}]}}\n", to: "a.jsonl")
    #expect(
      try texts(read([json], RecordLayout(path: json, fields: ["a", "b"]))) == [["x\ty", "😀"]])
  }

  @Test(
    "names the line of a record that is none",
    arguments: [
      ("a.tsv", "text\tb\nx\n", "a.tsv:2: the row is ragged"),
      ("a.tsv", "txt\nx\n", "did you mean 'txt'?"),
      ("a.jsonl", "{\"text\":\"a\"}\n{\"text\":1}\n", "a.jsonl:2: the value of 'text' is not text"),
      ("a.jsonl", "{\"txet\":\"a\"}\n", "did you mean 'txet'?"),
      ("a.jsonl", "{\"text\":\"a\"\n", "a.jsonl:1: the line is not a JSON object"),
      ("a.jsonl", "{\"text\":\"a\"}}\n", "not a JSON object"),
      ("a.jsonl", "[1]\n", "not a JSON object"),
    ])
  func mistakes(_ name: String, _ content: String, _ expected: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(content, to: name)
    let error = #expect(throws: CorpusError.self) {
      try read([path], RecordLayout(path: path))
    }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }

  @Test("drops, mends or stops at bytes that are not UTF-8, as it is told, and names the line")
  func invalid() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(Data("a\nb\u{e9}".utf8) + [0xff, 0x0a, 0x63, 0x0a], to: "a.txt")
    let dropped = try read([path], RecordLayout(.lines), invalid: .drop)
    #expect(dropped.map { $0.damage == nil } == [true, false, true])
    #expect(dropped[1].damage == .invalid(3))
    let mended = try read([path], RecordLayout(.lines), invalid: .replace)
    #expect(texts(mended) == [["a"], ["bé\u{fffd}"], ["c"]])
    let error = #expect(throws: CorpusError.self) {
      try read([path], RecordLayout(.lines), invalid: .stop)
    }
    #expect(error?.code == .encoding && error?.line == 2)
  }

  @Test("passes over a line beyond the limit without holding it, and reads on")
  func overlong() throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "x", count: 1_500_000)
    let path = try folder.write("a\n\(long)\nb\n\(long)", to: "a.txt")
    let records = try read([path], RecordLayout(.lines), invalid: .drop, limit: 1000)
    #expect(texts(records) == [["a"], [], ["b"], []])
    #expect(records[1].damage == .overlong(1_500_000, limit: 1000))
    #expect(records[3].damage == .overlong(1_500_000, limit: 1000))
    #expect(try read([path], RecordLayout(.lines), limit: 1_500_000).count == 4)
    let error = #expect(throws: CorpusError.self) {
      try read([path], RecordLayout(.lines), limit: 1_499_999)
    }
    #expect(error?.code == .length && error?.line == 2)
  }

  @Test("says which of two aligned files ends too early")
  func unaligned() throws {
    let folder = try TemporaryFolder()
    let long = try folder.write("a\nb\nc\n", to: "long.txt")
    let short = try folder.write("a\nb\n", to: "short.txt")
    for paths in [[long, short], [short, long]] {
      let error = #expect(throws: CorpusError.self) { try read(paths, RecordLayout(.lines)) }
      #expect(error?.file == short && error?.line == 2)
    }
    #expect(try texts(read([short, short], RecordLayout(.lines))) == [["a", "a"], ["b", "b"]])
  }

  @Test("reads what it has packed, and packs the same bytes each time")
  func gzip() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<5000).map { "line \($0) žluť" }
    for name in ["a.txt.gz", "b.txt.gz"] {
      let writer = try LineWriter(folder.path(name))
      for line in lines { try writer.write(line: line) }
      #expect(try folder.names().allSatisfy { !$0.hasSuffix("txt.gz") || $0 < name })
      try writer.commit()
    }
    let path = folder.path("a.txt.gz")
    #expect(try texts(read([path], RecordLayout(path: path))).map { $0[0] } == lines)
    #expect(
      try Data(contentsOf: folder.url.appendingPathComponent("a.txt.gz"))
        == Data(contentsOf: folder.url.appendingPathComponent("b.txt.gz")))
    // What is not committed leaves nothing.
    do { try LineWriter(folder.path("c.gz")).write(line: "x") }
    #expect(try folder.names() == ["a.txt.gz", "b.txt.gz"])
    #expect(throws: CorpusError.self) { try LineWriter(folder.path("no/c.gz")) }
  }
}
