// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Corpora

@Suite("Latin letters")
struct RomanizerTests {
  @Test(
    "scripts that models know badly are written as the languages are in Latin letters",
    arguments: [
      ("ساتاڠه ميل", "satangh mil"),  // Jawi, whose yeh is i between consonants
      ("يڠ", "yng"), ("وارنا ڽامن", "warna nyamn"),
      ("ⵜⴰⵎⴰⵣⵉⵖⵜ", "tamaziɣt"), ("ⴰⴽⴰⵍⵯ", "akalw"),
      ("ߒߞߏ", "nko"), ("ߞߊ߲߬", "kan"),
      ("ߜߟߊ", "gbala"),  // the first vowel is left out where the second is the same
      ("᱒ ᱠᱷᱮᱞ", "2 khel"), ("Москва 7", "Moskva 7"), ("Ελλάδα", "Ellada"), ("हिन्दी", "hindi"),
    ])
  func scripts(text: String, latin: String) {
    #expect(Romanizer()(text) == latin)
  }

  @Test(
    "Latin letters stay to the letter, and so does what no table knows",
    arguments: [
      "Café, naïve Ωμ".prefix(11).description, "żółć ɛɔ ǹ 1/2 — «»", "", " \n", "😀 ok", "𐰀𐰁",
    ])
  func stays(text: String) {
    #expect(Romanizer()(text) == text)
  }

  @Test("Latin words among others keep their marks")
  func mixes() {
    #expect(Romanizer()("Señor Иван, señora ⴰⵎ") == "Señor Ivan, señora am")
  }
}
