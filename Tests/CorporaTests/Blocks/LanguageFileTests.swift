// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("Files of languages")
struct LanguageFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (name, text) in [
      ("deu_Latn/dev.tsv", "text\nguten Tag\n"), ("swh_Latn/dev.tsv", "text\nhabari\n"),
      ("news.de", "Hallo\n"), ("x=y.tsv", "text\tlang\nhi\ten\n"),
    ] {
      let url = folder.url.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
  }

  @Test("a pattern stands for the files of all languages, by their codes")
  func pattern() throws {
    let files = try LanguageFile.files(for: folder.path("{lang}/dev.tsv"))
    #expect(files.map(\.language) == ["deu_Latn", "swh_Latn"])
    #expect(
      files.map(\.path) == [folder.path("deu_Latn/dev.tsv"), folder.path("swh_Latn/dev.tsv")])
    #expect(try LanguageFile.files(for: folder.path("news.{lang}")).map(\.language) == ["de"])
  }

  @Test("a language may stand behind the file; a file that is there is taken as it is")
  func named() throws {
    let path = folder.path("news.de")
    #expect(try LanguageFile.files(for: "\(path)=deu") == [LanguageFile(path, language: "deu")])
    let odd = folder.path("x=y.tsv")
    #expect(try LanguageFile.files(for: odd) == [LanguageFile(odd, language: nil)])
    #expect(try LanguageFile.files(for: "-") == [LanguageFile("-", language: nil)])
  }

  @Test(
    "a pattern that fits nothing, an unknown placeholder and an empty language are errors",
    arguments: ["{lang}.none", "{lang}/{split}.tsv", "news.txt="])
  func mistakes(argument: String) {
    #expect(throws: CorpusError.self) { try LanguageFile.files(for: folder.path(argument)) }
  }

  @Test("a file whose name tells no format has one text a line where its language is known")
  func lines() throws {
    var reader = ExampleReader()
    reader.requiresLabel = false
    let stream = try LanguageFile(folder.path("news.de"), language: "deu").open(reader)
    #expect(try stream.next()?.text == "Hallo")
    #expect(throws: CorpusError.self) {
      try LanguageFile(folder.path("news.de"), language: nil).open(reader)
    }
  }
}
