// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite struct ParallelReaderTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("koine-parallel-\(UUID().uuidString)")

  private func file(_ name: String, _ text: String) throws -> String {
    try file(name, Array(text.utf8))
  }

  private func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let place = folder.appendingPathComponent(name)
    try Data(bytes).write(to: place)
    return place.path
  }

  private func remove() { try? FileManager.default.removeItem(at: folder) }

  private func texts(_ pairs: [ParallelText]) -> [[String]] {
    pairs.map { [$0.source, $0.target] }
  }

  private func mistake(_ name: String, _ bytes: [UInt8]) throws -> CorpusError {
    let path = try file(name, bytes)
    return try #require(throws: CorpusError.self) { try ParallelReader().read(path) }
  }

  @Test("tables say each pair's language and score")
  func tables() throws {
    defer { remove() }
    let tsv = try file(
      "a.tsv", "lang\tsource\ttarget\tscore\nsw\ta house\tnyumba\t1.5\n\nsw\ta tree\tmti\t\n")
    #expect(
      try ParallelReader().read(tsv) == [
        ParallelText("a house", "nyumba", language: "sw", score: 1.5, place: 2),
        ParallelText("a tree", "mti", language: "sw", place: 4),
      ])
    var reader = ParallelReader()
    (reader.sourceColumn, reader.targetColumn) = ("en", "de")
    let json = try file("a.jsonl", #"{"en": "tree", "de": "Baum"}"# + "\n")
    #expect(try texts(reader.read(json)) == [["tree", "Baum"]])
    let bad = try file("b.tsv", "source\ttarget\tscore\na\tb\tx\n")
    let error = try #require(throws: CorpusError.self) { try ParallelReader().read(bad) }
    #expect(error.line == 2 && error.found == "'x'")
  }

  @Test("lines have two fields between bars, tabs or spaces")
  func fields() throws {
    defer { remove() }
    let path = try file("a.txt", "the house ||| das Haus\ntree\tein Baum\n\nsea See\n")
    let pairs = try ParallelReader().read(path)
    #expect(texts(pairs) == [["the house", "das Haus"], ["tree", "ein Baum"], ["sea", "See"]])
    #expect(pairs.map(\.place) == [1, 2, 4])
    let error = try mistake("b.txt", Array("one two three\n".utf8))
    #expect(error.line == 1 && error.found == "3 fields")
  }

  @Test("lines of two files belong together, and a file that ends early is named")
  func twoFiles() throws {
    defer { remove() }
    let (first, second) = (
      try file("a.en", "one\n\nthree\n"), try file("a.de", "eins\nzwei\ndrei\n")
    )
    let pairs = try ParallelReader().read(first, targets: second)
    #expect(texts(pairs) == [["one", "eins"], ["three", "drei"]] && pairs[1].place == 3)
    let short = try file("b.de", "eins\n")
    let error = try #require(throws: CorpusError.self) {
      try ParallelReader().read(first, targets: short)
    }
    #expect(error.file == short && error.line == 2)
  }

  /// A compiled catalogue of entries.
  private func catalogue(_ entries: [(String, String)], isBig: Bool = false) -> [UInt8] {
    func word(_ value: Int) -> [UInt8] {
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return isBig ? bytes.reversed() : bytes
    }
    let tables = 28 + 16 * entries.count
    var texts: [UInt8] = []
    func place(_ text: String) -> [UInt8] {
      let result = word(text.utf8.count) + word(tables + texts.count)
      texts += Array(text.utf8) + [0]
      return result
    }
    let originals = entries.flatMap { place($0.0) }
    let translations = entries.flatMap { place($0.1) }
    return word(0x9504_12de) + word(0) + word(entries.count) + word(28)
      + word(28 + 8 * entries.count) + word(0) + word(0) + originals + translations + texts
  }

  @Test("compiled catalogues are read in both byte orders", arguments: [false, true])
  func compiled(isBig: Bool) throws {
    defer { remove() }
    let header = "Language: eu\nContent-Type: text/plain; charset=UTF-8\n"
    let bytes = catalogue(
      [
        ("", header), ("Open", "Ireki"), ("menu\u{4}Close", "Itxi"),
        ("%d file\0%d files", "fitxategi %d\0%d fitxategi"), ("Empty", ""),
      ], isBig: isBig)
    let path = try file("eu.mo", bytes)
    let catalogue = try GettextCatalogue(contentsOf: path)
    #expect(catalogue.header["language"] == "eu")
    #expect(
      texts(catalogue.pairs) == [
        ["Open", "Ireki"], ["Close", "Itxi"], ["%d file", "fitxategi %d"],
        ["%d files", "%d fitxategi"],
      ])
    #expect(try ParallelReader().read(path) == catalogue.pairs)
  }

  @Test("damaged catalogues are refused with a sentence")
  func damaged() throws {
    defer { remove() }
    let whole = catalogue([("", "Content-Type: text/plain; charset=UTF-8\n"), ("Open", "Ireki")])
    for length in [0, 3, 11, 30, whole.count - 4] {
      #expect(try mistake("cut\(length).mo", Array(whole.prefix(length))).code == .format)
    }
    var many = whole
    many[11] = 0x7f
    #expect(try mistake("many.mo", many).code == .format)
    let latin = catalogue([("", "Content-Type: text/plain; charset=ISO-8859-1\n")])
    #expect(try mistake("latin.mo", latin).found == "iso-8859-1")
    var wrong = whole
    wrong[wrong.count - 3] = 0xff
    #expect(try mistake("wrong.mo", wrong).code == .encoding)
    #expect(throws: CorpusError.self) { try ParallelReader().read(folder.path + "/no.mo") }
  }

  @Test("catalogues as translators write them")
  func written() throws {
    defer { remove() }
    let path = try file(
      "eu.po",
      #"""
      # A comment
      msgid ""
      msgstr ""
      "Content-Type: text/plain; charset=UTF-8\n"

      #: place.c:3
      msgctxt "menu "
      "more"
      msgid "Open"
      msgstr "Ireki"

      #, fuzzy, c-format
      msgid "Close"
      msgstr "Oker"

      msgid "a \"b\"\n"
      "c"
      msgstr ""
      "x \\ "
      "y"
      msgid "%d file"
      msgid_plural "%d files"
      msgstr[0] "fitxategi %d"
      msgstr[1] "%d fitxategi"

      msgid "Untranslated"
      msgstr ""

      #~ msgid "Gone"
      #~ msgstr "Joana"
      """#)
    let pairs = try ParallelReader().read(path)
    #expect(
      texts(pairs) == [
        ["Open", "Ireki"], ["a \"b\" c", "x \\ y"], ["%d file", "fitxategi %d"],
        ["%d files", "%d fitxategi"],
      ])
    #expect(pairs[0].place == 9)
    #expect(try mistake("bad.po", Array("msgid \"a\"\nmsgstr b\n".utf8)).line == 2)
    #expect(try mistake("worse.po", Array("nonsense\n".utf8)).line == 1)
  }

  @Test(
    "texts of programs are read without marks",
    arguments: [
      ("_Open", "Open"), ("E&xit", "Exit"), ("開く(_O)", "開く"), ("開く (&O)...", "開く ..."),
      ("<b>Bold</b>text", "Bold text"), ("a &lt; b", "a < b"), ("R & D", "R & D"),
      ("a < b", "a < b"), ("Save\n  _As", "Save As"), ("%s of %d", "%s of %d"),
      ("A&amp;B", "A&B"), ("one_two_three", "one_two_three"),
    ])
  func plain(text: String, expected: String) { #expect(CatalogueText.plain(text) == expected) }

  @Test("translation memories give the languages that are asked for")
  func memory() throws {
    defer { remove() }
    let path = try file(
      "a.tmx",
      """
      <?xml version="1.0"?>
      <tmx version="1.4"><header/><body>
      <tu><tuv xml:lang="en-GB"><seg>A <bpt i="1">{b}</bpt>red<ept i="1">{/b}</ept> house</seg></tuv>
          <tuv xml:lang="sw"><seg>Nyumba <hi>nyekundu</hi></seg></tuv>
          <tuv xml:lang="de"><seg>Ein rotes Haus</seg></tuv></tu>
      <tu><tuv xml:lang="de"><seg>Nur deutsch</seg></tuv></tu>
      </body></tmx>
      """)
    var reader = ParallelReader()
    #expect(
      try texts(reader.read(path)) == [
        ["A red house", "Nyumba nyekundu"], ["A red house", "Ein rotes Haus"],
      ])
    reader.targetLanguage = "swh_Latn"
    #expect(try texts(reader.read(path)) == [["A red house", "Nyumba nyekundu"]])
    reader.targetLanguage = "fr"
    let error = try #require(throws: CorpusError.self) { try reader.read(path) }
    #expect(error.found == "de, en-GB, sw")
    #expect(try mistake("bad.tmx", Array("<tmx><body>".utf8)).code == .format)
  }

  @Test("a name that tells no format is refused")
  func names() throws {
    defer { remove() }
    #expect(try mistake("a.doc", []).expected?.contains(".tmx") == true)
  }
}
