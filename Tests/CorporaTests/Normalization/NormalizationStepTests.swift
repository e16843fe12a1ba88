// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("NormalizationStep")
struct NormalizationStepTests {
  private func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

  @Test(
    "does what its name says, and nothing to text that has none of it",
    arguments: [
      ("nfc", "e\u{301} \u{1112}\u{1161}\u{11ab}", "\u{e9} \u{d55c}"),
      ("nfc", "\u{915}\u{94d}\u{937}", "\u{915}\u{94d}\u{937}"),
      ("nfc", "\u{958}", "\u{915}\u{93c}"),
      ("nfc", "a\u{323}\u{302}b a\u{302}\u{323}", "\u{1ead}b \u{1ead}"),
      ("nfc", "\u{2f800}", "\u{4e3d}"),
      ("nfd", "\u{e9}", "e\u{301}"),
      ("nfkc", "ﬁ②Ａ", "fi2A"),
      ("nfkd", "\u{e9}ﬁ", "e\u{301}fi"),
      ("diacritics", "Ünïcødé Việt Нью́ ё", "Unicøde Viet Нью е"),
      ("diacritics", "\u{d55c}", "\u{d55c}"),
      ("controls", "a\u{0}b\tc\u{feff}\u{202e}d\u{7f}\u{9d}e\u{fffe}", "ab cde"),
      ("controls", "می\u{200c}خواهم क्\u{200d}ष", "می\u{200c}خواهم क्\u{200d}ष"),
      ("invisibles", "so\u{ad}ft\u{200b}ly می\u{200c}خواهم", "softly می\u{200c}خواهم"),
      ("soft-hyphens", "so\u{ad}ft កខ\u{200b}គ", "soft កខ\u{200b}គ"),
      ("joiners", "می\u{200c}خواهم", "میخواهم"),
      ("spaces", "\u{3000} a \u{a0}\t b ", "a b"),
      ("quotes", "„Ja“, «oui», ‘yes’ ʻokina Пʼять", "\"Ja\", \"oui\", 'yes' ʻokina Пʼять"),
      ("dashes", "a–b — c−1 ー", "a-b - c-1 ー"),
      ("ellipsis", "so…", "so..."),
      ("digits", "١٢ १२ ๑๒ ①12", "12 12 12 ①12"),
      ("entities", "a &amp; b &#233;&#xE9; &nope; &", "a & b éé &nope; &"),
      ("ligatures", "eﬃcient", "efficient"),
      ("width", "Ａｂ１，　ｶﾞｷ", "Ab1, ガキ"),
      ("width-letters", "Ａｂ１，　ｶﾞｷ", "Ab1，　ガキ"),
      ("arabic-forms", "\u{fee3}\u{feae}\u{fefb}", "\u{645}\u{631}\u{644}\u{627}"),
      ("tatweel", "مـــرحبا", "مرحبا"),
      ("arabic-marks", "مَرْحَبًا", "مرحبا"),
      ("hebrew-points", "שָׁלוֹם", "שלום"),
      ("persian-letters", "كتاب علي", "کتاب علی"),
      ("romanian-letters", "ştiinţă", "știință"),
      ("lowercase", "STRASSE ẞ ΟΔΟΣ ΣΑΣ. ИI", "strasse ß οδος σας. иi"),
      ("casefold", "Straße ẞ ΟΔΟΣ ς ŉ ǰ", "strasse ss οδοσ σ ʼn j\u{30c}"),
      ("transliterate:Serbian-Latin/BGN", "Љубав", "Ljubav"),
      ("transliterate:Hans-Hant", "简体", "簡體"),
    ])
  func steps(_ name: String, _ text: String, _ expected: String) throws {
    let step = try NormalizationStep.named(name)
    #expect(scalars(step(text)) == scalars(expected))
    let plain = "plain text, 12 words."
    #expect(scalars(step(plain)) == scalars(plain))
  }

  @Test(
    "takes Turkish and Azerbaijani capitals as these languages have them",
    arguments: [
      ("tr", "lowercase", "ISPARTA İzmir I\u{307}", "ısparta izmir i"),
      ("az", "casefold", "Iİ", "ıi"), ("tr", "casefold", "ß", "ss"),
      ("az-Arab", "lowercase", "I", "i"), ("de", "lowercase", "İI", "i\u{307}i"),
    ])
  func turkish(_ language: String, _ name: String, _ text: String, _ expected: String) throws {
    let step = try NormalizationStep.named(name, language: LanguageTag(language))
    #expect(scalars(step(text)) == scalars(expected))
  }

  @Test("gives the composed form that the platform gives, for every scalar after another")
  func quickCheck() throws {
    let step = try NormalizationStep.named("nfc")
    for value in UInt32(0x80)..<0x30000 {
      // Ideographs and syllables are as good as one another.
      let isAlike = 0x3500...0x9f00 ~= value || 0xad00...0xd700 ~= value || 0x17000... ~= value
      guard !isAlike || value % 64 == 0, let scalar = Unicode.Scalar(value) else { continue }
      let text = "\u{1100}\(scalar)a\(scalar)\u{301}\(scalar)"
      guard scalars(step(text)) != scalars(text.precomposedStringWithCanonicalMapping) else {
        continue
      }
      Issue.record("U+\(String(value, radix: 16)) is composed otherwise")
    }
  }

  @Test("names the nearest step, and a transform that the platform lacks")
  func unknown() throws {
    let error = #expect(throws: CorpusError.self) { try NormalizationStep.named("nfcd") }
    #expect(error?.description.contains("did you mean 'nfc'?") == true)
    let other = #expect(throws: CorpusError.self) {
      try NormalizationStep.named("transliterate:Atlantis-Latin")
    }
    #expect(other?.description.contains("'Atlantis-Latin'") == true)
  }
}
