// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("LanguageTag")
struct LanguageTagTests {
  @Test(
    "has one canonical form, however it is written",
    arguments: [
      ("en", ["en", "eng", "EN", "eng_Latn", "en-Latn"]),
      ("pt-BR", ["pt-BR", "pt_BR", "pt-br", "por_BR", "pt_BR.UTF-8", "pt-Latn-BR"]),
      ("pt-PT", ["pt_PT"]), ("sw", ["sw", "swh_Latn", "swa", "swh"]),
      ("zh", ["zh", "zh_CN", "zh-CN", "zho_Hans", "cmn", "zh-Hans-CN", "chi"]),
      ("zh-Hant", ["zh_TW", "zho_Hant", "zh-Hant", "zh-Hant-TW"]),
      ("zh-Hant-HK", ["zh-HK", "zh_Hant_HK"]), ("yue", ["yue", "yue_Hant", "zh-yue"]),
      ("he", ["iw", "he", "heb_Hebr", "heb"]), ("id", ["in", "ind_Latn"]),
      ("yi", ["ji", "ydd_Hebr"]),
      ("de", ["ger", "deu", "de", "deu_Latn"]), ("de-CH", ["de-CH", "de_CH"]),
      ("de-CH-1996", ["de-CH-1996"]), ("ar", ["arb_Arab", "ara", "ar"]), ("ar-Latn", ["arb_Latn"]),
      ("sr", ["srp_Cyrl", "sr", "sr@cyrillic"]), ("sr-Latn", ["sr-Latn", "sr@latin", "sh"]),
      ("ca-valencia", ["ca@valencia", "ca-valencia"]), ("ko", ["kor_Hang", "ko-Kore", "ko"]),
      ("nb", ["nob_Latn", "no", "nb"]), ("nn", ["nno_Latn"]), ("fa", ["pes_Arab", "fas", "per"]),
      ("es-419", ["es-419"]), ("de-DE", ["de_DE@euro", "deu_DE"]), ("ace-Arab", ["ace_Arab"]),
      ("en-u-ca-gregory", ["en-u-ca-gregory"]),
    ])
  func canonical(_ expected: String, _ spellings: [String]) throws {
    for spelling in spellings {
      let tag = try LanguageTag(spelling)
      #expect(tag.canonical == expected, "\(spelling)")
      #expect(tag.description == spelling)
      #expect(try tag == LanguageTag(expected))
      #expect(try tag.hashValue == LanguageTag(expected).hashValue)
    }
  }

  @Test(
    "keeps apart what differs",
    arguments: [
      ("pt", "pt-BR"), ("zh", "zh-Hant"), ("sr", "sr-Latn"), ("nb", "nn"), ("en", "de"),
      ("ak", "tw"), ("fa", "prs"), ("zh-Hant", "zh-HK"), ("zh", "zh-SG"),
    ])
  func apart(_ left: String, _ right: String) throws {
    #expect(try LanguageTag(left) != LanguageTag(right))
  }

  @Test("is written as it was read, in JSON too")
  func coding() throws {
    let tags = try JSONDecoder().decode([LanguageTag].self, from: Data("[\"pt_BR\"]".utf8))
    #expect(try tags == [LanguageTag("pt-BR")])
    #expect(String(decoding: try JSONEncoder().encode(tags), as: UTF8.self) == "[\"pt_BR\"]")
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode([LanguageTag].self, from: Data("[\"no language\"]".utf8))
    }
  }

  @Test(
    "knows the script that it is written in",
    arguments: [
      ("en", "Latn"), ("ru", "Cyrl"), ("zh_TW", "Hant"), ("sr-Latn", "Latn"), ("hi", "Deva"),
    ])
  func script(_ tag: String, _ script: String) throws {
    #expect(try LanguageTag(tag).writtenScript == script)
  }

  @Test(
    "refuses what has not its shape",
    arguments: [
      "", "e", "english", "parallel", "e1", "en-", "-en", "en--US", "en US", "en-US-x!", "日本",
      "en@",
      "pt_BR_", "en.UTF-8.x",
    ])
  func refused(_ text: String) {
    let error = #expect(throws: CorpusError.self) { try LanguageTag(text) }
    #expect(error?.code == .language)
  }

  @Test(
    "tells all languages of SIB-200 apart",
    .enabled(if: SharedData.folder("sib200") != nil, "SIB-200 is not beside the repository"))
  func sib200() throws {
    let folder = try #require(SharedData.folder("sib200"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { !$0.hasPrefix(".") && !$0.contains(".") }
    let tags = try names.map { try LanguageTag($0) }
    #expect(names.count > 200)
    #expect(Set(tags).count == names.count)
  }
}
