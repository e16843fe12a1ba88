// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("CorpusPattern")
struct CorpusPatternTests {
  @Test(
    "finds the languages that have a split, sorted",
    arguments: [
      ("{lang}/{split}.tsv", ["de/test.tsv", "en/train.tsv", "en/test.tsv", "aa/train.tsv"]),
      ("{split}.{lang}.tsv", ["test.de.tsv", "train.en.tsv", "test.en.tsv", "test.tsv"]),
      ("{split}/{lang}.csv.gz", ["test/de.csv.gz", "test/en.csv.gz", "test/fr.csv"]),
      (
        "sets/{lang}-{lang}/{split}.txt",
        ["sets/de-de/test.txt", "sets/en-en/test.txt", "sets/a-b/test.txt"]
      ),
      ("x-{lang}/{lang}.{split}", ["x-de/de.test", "x-en/en.test", "x-fr/de.test"]),
      ("{lang}.{split}", [".hidden.test", "de.test", "en.test", "en.train"]),
    ])
  func languages(_ pattern: String, _ files: [String]) throws {
    let folder = try TemporaryFolder()
    for file in files { try folder.write("x", to: file) }
    let found = try CorpusPattern(folder.path(pattern))
    #expect(try found.languages(split: "test") == ["de", "en"])
  }

  @Test("names the file of a language's split")
  func file() throws {
    let pattern = try CorpusPattern("/data/{lang}/{lang}-{split}.tsv")
    #expect(pattern.file(language: "de", split: "dev").path == "/data/de/de-dev.tsv")
  }

  @Test("finds a language however its tag is written")
  func tags() throws {
    let folder = try TemporaryFolder()
    for name in ["pt_BR", "swh_Latn", "parallel"] { try folder.write("x", to: "\(name)/test.tsv") }
    let pattern = try CorpusPattern(folder.path("{lang}/{split}.tsv"))
    #expect(try pattern.language(LanguageTag("pt-BR"), split: "test") == "pt_BR")
    #expect(try pattern.language(LanguageTag("sw"), split: "test") == "swh_Latn")
    #expect(try pattern.language(LanguageTag("de"), split: "test") == nil)
  }

  @Test(
    "refuses a pattern without its placeholders, or with others",
    arguments: [
      "data/train.tsv", "{lang}.tsv", "{split}.tsv", "{lang}/{split}.{format}",
      "{language}/{lang}/{split}",
    ])
  func refused(_ path: String) {
    let error = #expect(throws: CorpusError.self) { try CorpusPattern(path) }
    #expect(error?.expected?.contains("{lang} and {split}") == true)
    #expect(error?.file == path)
  }

  @Test("names the folder that is not there")
  func noFolder() throws {
    let folder = try TemporaryFolder()
    let pattern = try CorpusPattern(folder.path("none/{lang}/{split}.tsv"))
    let error = #expect(throws: CorpusError.self) { try pattern.languages(split: "test") }
    #expect(error?.file == folder.path("none"))
  }

  @Test(
    "reads SIB-200",
    .enabled(if: SharedData.folder("sib200") != nil, "SIB-200 is not beside the repository"))
  func sib200() throws {
    let folder = try #require(SharedData.folder("sib200"))
    let pattern = try CorpusPattern("\(folder.path)/{lang}/{split}.tsv")
    #expect(try pattern.languages(split: "train").count == 205)
    var reader = ExampleReader()
    reader.labelColumn = "category"
    reader.identifierColumn = "index_id"
    let german = try #require(try pattern.language(LanguageTag("de"), split: "dev"))
    let examples = try reader.read(pattern.file(language: german, split: "dev").path)
    #expect(examples.count == 99)
    #expect(Set(examples.compactMap(\.label)).count == 7)
    #expect(examples.allSatisfy { $0.identifier != nil })
  }
}
