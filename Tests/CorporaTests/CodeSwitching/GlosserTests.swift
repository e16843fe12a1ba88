// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("Glosses")
struct GlosserTests {
  private func glosser(_ lines: [String]) throws -> Glosser {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "koine-glosses-\(UUID().uuidString).txt")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
    return try Glosser(dictionary: [file.path], into: LanguageTag("en"))
  }

  @Test("words become their first translation, inflected ones their entry's, and the rest stays")
  func words() throws {
    let glosser = try glosser(["house\tetxe", "home\tetxe", "big\thandi", "good day\tegun on"])
    let gloss = glosser("Egun on, etxea handi da.")
    #expect(gloss.text == "Good day, house big da.")
    #expect(gloss.words == 5 && gloss.known == 4)
    #expect(glosser("ezer ez").replaced == 0)
  }

  @Test("scripts without spaces are cut at the longest entries, and glosses stand apart")
  func unspaced() throws {
    let chinese = try glosser(["I\t我", "like\t喜欢", "joy\t喜", "cat\t猫"])
    #expect(chinese("我喜欢猫。").text == "I like cat。")
    #expect(chinese("他喜欢猫").text == "他 like cat")
    // A letter of kana is no word, whatever a dictionary has under it.
    let japanese = try glosser(["education\tの", "cat\tねこ"])
    #expect(japanese("私のねこ").text == "私の cat")
  }

  @Test("marks that running text leaves out do not hide an entry; an exact one comes first")
  func marks() throws {
    let arabic = try glosser(["book\tكِتَاب"])
    #expect(arabic("كتاب").text == "book")
    let yoruba = try glosser(["husband\tọkọ", "vehicle\tọkọ̀", "hoe\toko"])
    #expect(yoruba("ọkọ̀").text == "vehicle")
    #expect(yoruba("oko").text == "hoe")
    #expect(try glosser(["vehicle\tọkọ̀"])("oko").text == "vehicle")
    // Vowel signs of Indian scripts are letters, not marks.
    #expect(try glosser(["day\tदिन"])("दन").replaced == 0)
  }

  @Test("a dictionary without an entry of use is refused")
  func useless() {
    #expect(throws: CorpusError.self) { try glosser(["house"]) }
  }
}
