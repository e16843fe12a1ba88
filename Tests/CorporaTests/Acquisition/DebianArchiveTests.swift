// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("DebianArchive")
struct DebianArchiveTests {
  @Test("finds the lists that apt leaves, underscores and several archives included")
  func finds() throws {
    let folder = try TemporaryFolder()
    for name in [
      "b_main_binary-amd64_Packages", "a_main_binary-amd64_Packages", "a_main_i18n_Translation-en",
      "a_main_i18n_Translation-pt%5fBR", "a_main_i18n_Translation-pt", "a_InRelease", "lock",
    ] { try folder.write("", to: "lists/\(name)") }
    let lists = try DebianArchive(languages: ["en", "pt", "pt_BR", "de"]).found(in: folder.url)
    let place = folder.path("lists")
    #expect(
      lists.packages == [
        "\(place)/a_main_binary-amd64_Packages", "\(place)/b_main_binary-amd64_Packages",
      ])
    #expect(lists.translations.map(\.language) == ["en", "pt", "pt_BR", "de"])
    #expect(
      lists.translations.map(\.files) == [
        ["\(place)/a_main_i18n_Translation-en"], ["\(place)/a_main_i18n_Translation-pt"],
        ["\(place)/a_main_i18n_Translation-pt%5fBR"], [],
      ])
  }

  @Test("says that nothing came", arguments: [[], ["a_Packages"], ["a_Translation-en"]])
  func nothing(_ names: [String]) throws {
    let folder = try TemporaryFolder()
    for name in names { try folder.write("", to: "lists/\(name)") }
    let error = #expect(throws: CorpusError.self) {
      try DebianArchive(languages: ["en"]).found(in: folder.url)
    }
    #expect(error?.code == .download)
  }
}
