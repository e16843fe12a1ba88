// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Normalizer.UnicodeForm {
  /// The text in this form, aligned as Hugging Face `tokenizers` aligns it: the first scalar of a
  /// decomposition takes the place of its source and the others are put in behind; a composition
  /// swallows its parts.
  func normalize(_ text: AlignedText) -> AlignedText {
    // No form changes ASCII, and composition nothing below U+0300.
    let limit: UInt8 = self == .nfc ? 0xCC : 0x80
    guard text.bytes.contains(where: { $0 >= limit }) else { return text }
    var edits = ScalarEdits(capacity: text.isAligned ? text.count : 0)
    var result = AlignedText(isAligned: text.isAligned)
    result.origin = text.origin
    result.bytes.reserveCapacity(text.count + text.count / 4)
    var pending = [Edit]()
    let flush = {
      if composes { Self.compose(&pending) }
      for edit in pending {
        let bytes = UTF8.encode(edit.scalar) ?? UTF8.encodedReplacementCharacter
        result.bytes.append(contentsOf: bytes)
        if text.isAligned { edits.change(bytes.count, edit.change) }
      }
      pending.removeAll(keepingCapacity: true)
    }
    text.bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        let (code, length) = UTF8Scalar.decode(bytes, at: index)
        index += length
        guard let scalar = Unicode.Scalar(code) else { continue }
        let parts = decomposition(scalar)
        // Nothing reaches across a starter that cannot combine with what precedes it.
        if !pending.isEmpty, !composes || !Self.mayFollow(parts[0]), !Self.isMark(parts[0]) {
          flush()
        }
        for (number, part) in parts.enumerated() {
          Self.insert(Edit(scalar: part, change: number == 0 ? 0 : 1), into: &pending)
        }
      }
      flush()
    }
    if text.isAligned { edits.align(&result, to: text) }
    return result
  }

  private struct Edit {
    var scalar: Unicode.Scalar
    var change: Int
  }

  private var composes: Bool { self == .nfc || self == .nfkc }

  private func decomposition(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    if scalar.value < 0xA0 || !Self.isKnown(scalar) { return [scalar] }
    let text = String(scalar)
    let result =
      self == .nfc || self == .nfd
      ? text.decomposedStringWithCanonicalMapping : text.decomposedStringWithCompatibilityMapping
    let scalars = Array(result.unicodeScalars)
    return scalars.isEmpty ? [scalar] : scalars
  }

  private static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
    guard scalar.value >= 0x300, isKnown(scalar) else { return 0 }
    return scalar.properties.canonicalCombiningClass.rawValue
  }

  /// The reference's tables are those of Unicode 9: newer scalars stand as they are.
  private static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x300 || scalar.properties.age.map { $0.major <= 9 } ?? false
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool { combiningClass(scalar) != 0 }

  /// Whether a starter may be the second half of a composition.
  private static func mayFollow(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x300 else { return false }
    if 0x1161...0x11FF ~= scalar.value { return true }
    switch scalar.properties.generalCategory {
    case .spacingMark, .nonspacingMark: return true
    default: return false
    }
  }

  /// Puts a mark behind those of its class and lower ones (canonical ordering).
  private static func insert(_ edit: Edit, into pending: inout [Edit]) {
    let own = combiningClass(edit.scalar)
    var place = pending.count
    if own > 0 {
      while place > 0, combiningClass(pending[place - 1].scalar) > own { place -= 1 }
    }
    pending.insert(edit, at: place)
  }

  /// Composes canonically ordered scalars (UAX 15, section 1.3).
  private static func compose(_ pending: inout [Edit]) {
    guard pending.count > 1 else { return }
    var result = [Edit]()
    var starter: Int?
    var lastClass: UInt8 = 0
    for edit in pending {
      let own = combiningClass(edit.scalar)
      let isBlocked = starter.map { result.count - 1 > $0 && (lastClass >= own) } ?? true
      if let place = starter, !isBlocked,
        let composed = composition(result[place].scalar, edit.scalar)
      {
        result[place].scalar = composed
        result[place].change += edit.change - 1
        continue
      }
      if own == 0 { starter = result.count }
      lastClass = own
      result.append(edit)
    }
    pending = result
  }

  private static func composition(
    _ first: Unicode.Scalar, _ second: Unicode.Scalar
  ) -> Unicode.Scalar? {
    guard second.value >= 0x300 else { return nil }
    // Hangul by arithmetic (Unicode, section 3.12): the platform's mapping leaves a syllable and a final
    // consonant apart.
    if 0x1100..<0x1113 ~= first.value, 0x1161..<0x1176 ~= second.value {
      return Unicode.Scalar(
        0xAC00 + ((first.value - 0x1100) * 21 + second.value - 0x1161) * 28)
    }
    if 0xAC00..<0xD7A4 ~= first.value, (first.value - 0xAC00) % 28 == 0,
      0x11A8..<0x11C3 ~= second.value
    {
      return Unicode.Scalar(first.value + second.value - 0x11A7)
    }
    return compositions[UInt64(first.value) << 32 | UInt64(second.value)].flatMap {
      Unicode.Scalar($0)
    }
  }

  /// What two scalars compose, from the decompositions: a composite whose full decomposition is that of
  /// another scalar and one more is those two.
  private static let compositions: [UInt64: UInt32] = {
    var parts = [(composed: UInt32, scalars: [UInt32])]()
    var known = [[UInt32]: UInt32]()
    for code in [UInt32(0xC0)..<0x3100, 0x10000..<0x1E000].joined() as FlattenSequence {
      guard let scalar = Unicode.Scalar(code), isKnown(scalar) else { continue }
      let text = String(scalar)
      let full = text.decomposedStringWithCanonicalMapping.unicodeScalars.map(\.value)
      guard full != [code] else { continue }
      // Excluded ones come back in parts.
      let again = text.precomposedStringWithCanonicalMapping.unicodeScalars.map(\.value)
      guard again == [code] else { continue }
      parts.append((code, full))
      known[full] = code
    }
    var table = [UInt64: UInt32]()
    for (composed, full) in parts {
      guard let last = full.last, full.count > 1 else { continue }
      let rest = Array(full.dropLast())
      guard let first = rest.count == 1 ? rest[0] : known[rest] else { continue }
      table[UInt64(first) << 32 | UInt64(last)] = composed
    }
    return table
  }()
}
