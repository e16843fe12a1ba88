// SPDX-License-Identifier: Apache-2.0

import Foundation

extension NormalizationStep {
  /// The forms of UAX #15 and what is made of them.
  static let unicodeSteps = [
    Self("nfc", "canonical composition: é is one scalar (UAX #15)") { ComposedForm.compose($0) },
    Self("nfd", "canonical decomposition: é is e and a mark (UAX #15)") {
      $0.decomposedStringWithCanonicalMapping
    },
    Self("nfkc", "compatibility composition: ﬁ is fi, ② is 2, Ａ is A (UAX #15)") {
      $0.precomposedStringWithCompatibilityMapping
    },
    Self("nfkd", "compatibility decomposition (UAX #15)") {
      $0.decomposedStringWithCompatibilityMapping
    },
    Self(
      "diacritics",
      "removes marks: NFD without nonspacing marks (Mn), composed again; in Indic and Thai that takes vowels"
    ) { text in
      var kept: [UInt8] = []
      var decomposed = text.decomposedStringWithCanonicalMapping
      decomposed.withUTF8 { bytes in
        kept.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
          let start = index
          let value = decodeScalar(bytes, at: &index)
          if value < 0x300 || !isNonspacing(value) {
            kept.append(contentsOf: bytes[start..<index])
          }
        }
      }
      return ComposedForm.compose(String(decoding: kept, as: UTF8.self))
    },
  ]

  private static func isNonspacing(_ value: UInt32) -> Bool {
    guard ScalarTraits[value].kind == .mark, let scalar = Unicode.Scalar(value) else {
      return false
    }
    return scalar.properties.generalCategory == .nonspacingMark
  }
}

/// NFC with the quick check of UAX #15 (section 9) before it, since most text is composed already.
enum ComposedForm {
  static func compose(_ text: String) -> String {
    var text = text
    let isComposed = text.withUTF8 { bytes in
      var last: UInt8 = 0
      var index = 0
      while index < bytes.count {
        let value = decodeScalar(bytes, at: &index)
        guard value >= 0x300 else {
          last = 0
          continue
        }
        let order = value < tableSize ? table[Int(value)] : other(value)
        if order == unsure || (order != 0 && order < last) { return false }
        last = order
      }
      return true
    }
    return isComposed ? text : text.precomposedStringWithCanonicalMapping
  }

  /// Marks a scalar that is not composed, or may compose with what is before it.
  private static let unsure: UInt8 = 255
  private static let tableSize: UInt32 = 0x20000

  /// The combining class of each scalar, or ``unsure``.
  private static let table: [UInt8] = {
    var table = [UInt8](repeating: 0, count: Int(tableSize))
    for value in 0..<tableSize {
      // Ideographs and syllables of Hangul are what they are.
      guard let scalar = Unicode.Scalar(value), !(0x3400...0x9fff ~= value),
        !(0xac00...0xd7a3 ~= value)
      else { continue }
      let own = scalar.properties.canonicalCombiningClass.rawValue
      if table[Int(value)] != unsure { table[Int(value)] = own }
      let decomposed = Array(
        String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
      guard decomposed.count > 1 || decomposed.first != scalar else { continue }
      let composed = Array(
        String(scalar).precomposedStringWithCanonicalMapping.unicodeScalars)
      if composed != [scalar] { table[Int(value)] = unsure }
      for part in decomposed.dropFirst() where part.value < tableSize {
        table[Int(part.value)] = unsure
      }
    }
    // Vowels and finals of Hangul, which compose by arithmetic.
    for value in 0x1161...0x11c2 { table[value] = unsure }
    return table
  }()

  private static func other(_ value: UInt32) -> UInt8 {
    // Compatibility ideographs decompose; nothing else beyond the table does.
    0x2f800...0x2fa1f ~= value ? unsure : 0
  }
}
