// SPDX-License-Identifier: Apache-2.0

import Testing
import WritingSystems

@Suite struct ScriptTests {
  @Test(
    "scalars have the script of the Unicode data",
    arguments: [
      ("a", "Latn"), ("ß", "Latn"), ("Ж", "Cyrl"), ("ω", "Grek"), ("ع", "Arab"), ("क", "Deva"),
      ("ก", "Thai"), ("漢", "Hani"), ("か", "Hira"), ("カ", "Kana"), ("한", "Hang"), ("ⵣ", "Tfng"),
      ("ދ", "Thaa"),
      ("ߞ", "Nkoo"), ("ᱥ", "Olck"), ("𞤀", "Adlm"), ("𠀀", "Hani"), ("1", "Zyyy"), (" ", "Zyyy"),
      ("\u{301}", "Zinh"), ("\u{E000}", "Zzzz"), ("\u{10FFFF}", "Zzzz"), ("😀", "Zyyy"),
      ("\u{E0100}", "Zinh"), ("\u{30000}", "Hani"),
    ])
  func scripts(text: String, code: String) throws {
    let scalar = try #require(text.unicodeScalars.first)
    #expect(scalar.script.code == code)
  }

  @Test("a text has the script of most of its letters, signs and digits aside")
  func dominant() {
    #expect("123, 456 да no".dominantScript?.code == "Cyrl")  // a tie goes by code
    #expect("Привет, Bob!".dominantScript?.code == "Cyrl")
    #expect("123 !".dominantScript == nil)
    #expect("ab д".scriptCounts.map(\.count) == [2, 1])
  }

  @Test("codes are found in any case, and what is none is nil")
  func codes() {
    #expect(Script(code: "ARAB")?.code == "Arab")
    #expect(Script(code: "Xxxx") == nil)
    #expect(Set(Script.all.map(\.code)).count == Script.all.count)
  }
}
