// SPDX-License-Identifier: Apache-2.0

/// What letters of some scripts are in Latin letters: those that ICU has no transliteration for, and Arabic letters as languages use them that write
/// their vowels.
///
/// After the names of the letters in the Unicode Standard, in the spelling that the languages have in Latin letters: Bambara's for N'Ko,
/// Tamazight's for Tifinagh, Malay's for the letters of Jawi.
enum LatinLetters {
  /// Each letter's Latin letters; empty for marks that are not written.
  static let table: [Unicode.Scalar: String] = {
    var table: [Unicode.Scalar: String] = [:]
    /// Letters that follow each other from a code; `.` for nothing, `-` for one that is not in the table.
    func add(_ first: UInt32, _ letters: String) {
      for (offset, letter) in letters.split(separator: " ").enumerated() where letter != "-" {
        guard let scalar = Unicode.Scalar(first + UInt32(offset)) else { continue }
        table[scalar] = letter == "." ? "" : String(letter)
      }
    }
    // N'Ko: digits, vowels, consonants, marks of tone, a nasal vowel's dot, signs.
    add(0x07C0, "0 1 2 3 4 5 6 7 8 9 a e i ɛ u o ɔ - n b p t j c d r rr s gb f k l n m ɲ n h w y ɲ")
    add(0x07E8, "j j r . . . . . . . n . ' ' - , !")
    // Tifinagh.
    add(0x2D30, "a b b g g j j d d ḍ ḍ e f k k k h h h ḥ ɛ x x q q i j j j l m n")
    add(0x2D50, "ny ng p u r ṛ ɣ ɣ j s ṣ c t t c ṭ v w y z z ẓ e o")
    add(0x2D6F, "w")
    // Ol Chiki: digits, letters, marks, full stops.
    add(0x1C50, "0 1 2 3 4 5 6 7 8 9 o t g ng l a k j m w i s h ny r u c d n y e p d n r o t b w h")
    add(0x1C78, ". . . . - .")
    table["\u{1C7E}"] = "."
    table["\u{1C7F}"] = "."
    // Arabic: signs, letters, marks of vowels, digits; waw and yeh are read by what is around them.
    add(0x0621, ". a a u i i a b - t s j h kh d z r z s sy s d t z - gh")
    add(0x0640, ". f k k l m n h - a - an un in a u i . . . .")
    add(0x0656, "i u")
    add(0x0660, "0 1 2 3 4 5 6 7 8 9")
    add(0x06F0, "0 1 2 3 4 5 6 7 8 9")
    for (letter, latin): (Unicode.Scalar, String) in [
      ("،", ","), ("؛", ";"), ("؟", "?"), ("۔", "."), ("ٰ", "a"), ("ٱ", "a"), ("ٹ", "t"),
      ("پ", "p"), ("چ", "ch"), ("ڈ", "d"),
      ("ڑ", "r"), ("ژ", "zh"), ("ڠ", "ng"), ("ڤ", "p"), ("ک", "k"), ("ڬ", "g"), ("ڭ", "ng"),
      ("گ", "g"), ("ݢ", "g"), ("ں", "n"),
      ("ڽ", "ny"), ("ھ", "h"), ("ہ", "h"), ("ۃ", "h"), ("ۆ", "o"), ("ۇ", "u"), ("ۈ", "u"),
      ("ۋ", "v"), ("ۏ", "v"), ("ێ", "e"),
      ("ې", "e"), ("ے", "e"), ("ە", "e"), ("ۍ", "i"), ("ټ", "t"), ("ډ", "d"), ("ړ", "r"),
      ("ږ", "g"), ("ښ", "x"), ("ڼ", "n"),
      ("ځ", "z"), ("څ", "ts"), ("ڕ", "r"), ("ڵ", "l"),
    ] { table[letter] = latin }
    return table
  }()

  /// Waw, which is *w* before a vowel and *u* elsewhere.
  static let waw: Unicode.Scalar = "\u{0648}"
  /// Yeh in both its codes, which is *y* before a vowel and *i* elsewhere.
  static let yeh: Set<Unicode.Scalar> = ["\u{064A}", "\u{06CC}"]
  /// Arabic letters and marks that stand for a vowel.
  static let vowels: Set<Unicode.Scalar> = [
    "\u{0622}", "\u{0623}", "\u{0627}", "\u{064E}", "\u{064F}", "\u{0650}", "\u{0656}", "\u{0657}",
    "\u{0670}",
  ]
}
