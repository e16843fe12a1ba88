// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Normalizer.UnicodeForm {
  /// The text in this form, each normalisation segment aligned with its first scalar.
  ///
  /// A segment is a starter and what follows it up to the next scalar that cannot combine with
  /// anything before; nothing in normalisation reaches across such a place (UAX 15, section 9).
  func normalize(_ text: AlignedText) -> AlignedText {
    var result = AlignedText(isAligned: text.isAligned)
    result.origin = text.origin
    var start = 0
    var index = 0
    while index <= text.count {
      var length = 1
      if index < text.count {
        let (code, count) = text.bytes.withUnsafeBufferPointer { UTF8Scalar.decode($0, at: index) }
        length = count
        guard index > start, isBoundary(code) else {
          index += length
          continue
        }
      }
      let segment = String(decoding: text.bytes[start..<index], as: UTF8.self)
      appendSegment(convert(segment), of: text, start..<index, to: &result)
      start = index
      index += length
    }
    return result
  }

  private func appendSegment(
    _ converted: String, of text: AlignedText, _ range: Range<Int>, to result: inout AlignedText
  ) {
    // Scalar by scalar while there is one on both sides; the rest belongs to the last.
    var source = range.lowerBound
    for scalar in converted.unicodeScalars {
      result.append(Array(UTF8.encode(scalar) ?? .init()), alignedWith: source, of: text)
      let next = source + UTF8Scalar.length(leading: text.bytes[source])
      if next < range.upperBound { source = next }
    }
  }

  private func isBoundary(_ code: UInt32) -> Bool {
    if code < 0x300 { return true }
    guard let scalar = Unicode.Scalar(code) else { return true }
    guard scalar.properties.canonicalCombiningClass == .notReordered else { return false }
    // Vowels and finals of Hangul, and the few other starters that compose with what precedes.
    if 0x1160...0x11FF ~= code { return false }
    switch scalar.properties.generalCategory {
    case .spacingMark, .nonspacingMark, .enclosingMark: return false
    default: break
    }
    let decomposed = String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars
    guard let first = decomposed.first, first != scalar else { return true }
    return isBoundary(first.value)
  }

  private func convert(_ text: String) -> String {
    switch self {
    case .nfc: text.precomposedStringWithCanonicalMapping
    case .nfd: text.decomposedStringWithCanonicalMapping
    case .nfkc: text.precomposedStringWithCompatibilityMapping
    case .nfkd: text.decomposedStringWithCompatibilityMapping
    }
  }
}
