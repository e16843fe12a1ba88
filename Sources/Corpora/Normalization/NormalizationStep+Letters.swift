// SPDX-License-Identifier: Apache-2.0

import Foundation

extension NormalizationStep {
  /// Steps for letters of some scripts.
  static let letterSteps = [
    scalars("ligatures", "Latin and Armenian ligatures become their letters: ﬁ is fi") { value in
      0xfb00...0xfb17 ~= value ? compatible(value) : nil
    },
    Self("width", "full-width letters and signs become ASCII, half-width kana and Hangul full") {
      foldWidth($0, keepsSigns: false)
    },
    Self(
      "width-letters",
      "as width, for letters and digits alone: the full-width signs of Chinese and Japanese stay"
    ) { foldWidth($0, keepsSigns: true) },
    scalars(
      "arabic-forms", "presentation forms of Arabic letters and ligatures become the letters"
    ) { value in
      switch value {
      case 0xfb50...0xfdfd, 0xfe70...0xfefc: compatible(value)
      default: nil
      }
    },
    scalars("tatweel", "removes the strokes that lengthen Arabic and N'Ko letters") {
      $0 == 0x640 || $0 == 0x7fa ? .nothing : nil
    },
    scalars("arabic-marks", "removes vowel signs and other marks on Arabic letters") { value in
      switch value {
      case 0x610...0x61a, 0x64b...0x65f, 0x670, 0x6d6...0x6dc, 0x6df...0x6e4, 0x6e7, 0x6e8,
        0x6ea...0x6ed, 0x8d3...0x8e1, 0x8e3...0x8ff:
        .nothing
      default: nil
      }
    },
    scalars("hebrew-points", "removes points and accents on Hebrew letters") { value in
      switch value {
      case 0x591...0x5bd, 0x5bf, 0x5c1, 0x5c2, 0x5c4, 0x5c5, 0x5c7: .nothing
      default: nil
      }
    },
    scalars("persian-letters", "Arabic kaf, yeh and alef maksura become Persian's: ك is ک, ي is ی")
    {
      switch $0 {
      case 0x643: .scalar(0x6a9)
      case 0x649, 0x64a: .scalar(0x6cc)
      default: nil
      }
    },
    scalars("romanian-letters", "s and t with a cedilla get the comma of Romanian: ş is ș") {
      switch $0 {
      case 0x15e: .scalar(0x218)
      case 0x15f: .scalar(0x219)
      case 0x162: .scalar(0x21a)
      case 0x163: .scalar(0x21b)
      default: nil
      }
    },
    Self("latin", "Latin letters: CLDR's, and tables for N'Ko, Tifinagh, Ol Chiki and Arabic") {
      Romanizer()($0)
    },
  ]

  private static func compatible(_ value: UInt32) -> Replacement? {
    guard let scalar = Unicode.Scalar(value) else { return nil }
    let text = String(scalar).precomposedStringWithCompatibilityMapping
    return text.unicodeScalars.elementsEqual([scalar]) ? nil : .text(text)
  }

  private static func foldWidth(_ text: String, keepsSigns: Bool) -> String {
    let hasAny = text.unicodeScalars.contains {
      0xff01...0xffee ~= $0.value || $0.value == 0x3000
    }
    guard hasAny else { return text }
    var result = String.UnicodeScalarView()
    var hasSoundMarks = false
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x3000: result.append(keepsSigns ? scalar : " ")
      case 0xff01...0xffee:
        let traits = ScalarTraits[scalar.value]
        let isSign = !traits.isWord && traits.kind != .digit
        guard !(keepsSigns && isSign) else { fallthrough }
        hasSoundMarks = hasSoundMarks || 0xff9e...0xff9f ~= scalar.value
        result.append(
          contentsOf: String(scalar).precomposedStringWithCompatibilityMapping.unicodeScalars)
      default: result.append(scalar)
      }
    }
    // The sound marks of half-width kana compose with the letter before them.
    return hasSoundMarks ? ComposedForm.compose(String(result)) : String(result)
  }
}
