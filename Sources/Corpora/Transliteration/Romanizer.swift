// SPDX-License-Identifier: Apache-2.0

import Foundation
import WritingSystems

/// Writes text in Latin letters, for models that read a language better so than in a script that they hardly know.
///
/// A language that a model knows, or whose relatives it knows, is lost on it in letters that it was not trained on (Muller and others, 2021):
/// Minangkabau in Arabic letters, Bambara's sister languages in N'Ko, Tamazight in Tifinagh. Scripts that ICU transliterates are
/// written by its rules, without marks above and below letters; N'Ko, Tifinagh, Ol Chiki and Arabic by ``LatinLetters``. What is in Latin
/// letters stays as it is, and so does what neither knows.
///
///     Romanizer()("ساتاڠه ميل")  // "satangh mil"
public struct Romanizer: Sendable {
  /// A romanizer.
  public init() {}

  /// A text in Latin letters.
  public func callAsFunction(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = ""
    var others = String.UnicodeScalarView()
    for index in scalars.indices {
      if let letters = letters(at: index, in: scalars) {
        result += Self.transliterated(&others) + letters
      } else if scalars[index].script == .latin {
        result += Self.transliterated(&others)
        result.unicodeScalars.append(scalars[index])
      } else {
        others.append(scalars[index])
      }
    }
    return result + Self.transliterated(&others)
  }

  /// What a scalar is in Latin letters; nil where the table does not have it.
  private func letters(at index: Int, in scalars: [Unicode.Scalar]) -> String? {
    let scalar = scalars[index]
    if scalar == LatinLetters.waw { return isConsonant(index, in: scalars) ? "w" : "u" }
    if LatinLetters.yeh.contains(scalar) { return isConsonant(index, in: scalars) ? "y" : "i" }
    guard let letters = LatinLetters.table[scalar] else { return nil }
    return letters + elidedVowel(after: index, in: scalars)
  }

  /// Whether waw or yeh stands for a consonant: before a vowel, or where a word begins with it.
  private func isConsonant(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
    let next = index + 1 < scalars.count ? scalars[index + 1] : " "
    guard next.properties.isAlphabetic else { return false }
    if index == 0 || !scalars[index - 1].properties.isAlphabetic { return true }
    return LatinLetters.vowels.contains(next) || next == LatinLetters.waw
      || LatinLetters.yeh.contains(next)
  }

  /// The vowel that N'Ko leaves out after a consonant, where the next syllable has the same: *gbla* for *gbala*.
  private func elidedVowel(after index: Int, in scalars: [Unicode.Scalar]) -> String {
    guard Self.consonants.contains(scalars[index].value),
      let next = letter(after: index, in: scalars), Self.consonants.contains(scalars[next].value),
      let vowel = letter(after: next, in: scalars), Self.vowels.contains(scalars[vowel].value)
    else { return "" }
    return LatinLetters.table[scalars[vowel]] ?? ""
  }

  /// Where the next letter is, behind marks of tone.
  private func letter(after index: Int, in scalars: [Unicode.Scalar]) -> Int? {
    scalars[(index + 1)...].firstIndex { !Self.tones.contains($0.value) }
  }

  /// N'Ko's vowels.
  private static let vowels: ClosedRange<UInt32> = 0x07CA...0x07D0
  /// N'Ko's consonants.
  private static let consonants: ClosedRange<UInt32> = 0x07D3...0x07E7
  /// N'Ko's marks of tone and length.
  private static let tones: ClosedRange<UInt32> = 0x07EB...0x07F1

  /// What ICU makes of other scripts' letters, and of what stands between them.
  private static func transliterated(_ scalars: inout String.UnicodeScalarView) -> String {
    guard !scalars.isEmpty else { return "" }
    let text = String(scalars)
    let hasLetters = scalars.contains { $0.script.isSpecific }
    scalars.removeAll()
    guard hasLetters, let latin = text.applyingTransform(.toLatin, reverse: false) else {
      return text
    }
    return latin.applyingTransform(.stripDiacritics, reverse: false) ?? latin
  }
}
