// SPDX-License-Identifier: Apache-2.0

/// Grapheme cluster boundaries (UAX 29) as far as normalisation rules can see them.
///
/// Hugging Face `tokenizers` applies a charsmap to clusters shorter than six bytes as a whole.
/// Rules that join scalars of three bytes and more (Hangul syllables, emoji, Indic conjuncts)
/// only make clusters of six bytes and more, which are taken apart anyhow; those between Hangul
/// letters and regional indicators are kept so that a following mark finds the right base.
enum ClusterBreaks {
  private enum Kind: UInt8 {
    case other, control, cr, lf, extend, spacingMark, prepend
  }

  /// Kinds of all scalars below U+20000, one byte each; above there are only marks of plane 14.
  private static let table: [UInt8] = (0..<0x20000).map { code in
    Unicode.Scalar(UInt32(code)).map { kind($0).rawValue } ?? Kind.control.rawValue
  }

  private static func kind(_ scalar: Unicode.Scalar) -> Kind {
    let properties = scalar.properties
    switch scalar.value {
    case 0x0D: return .cr
    case 0x0A: return .lf
    case 0x200D: return .extend
    case 0x0600...0x0605, 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x0D4E, 0x110BD, 0x110CD, 0x111C2,
      0x111C3, 0x113D1, 0x1193F, 0x11941, 0x11A3A, 0x11A84...0x11A89, 0x11D46, 0x11F02:
      return .prepend
    case 0x0E33, 0x0EB3: return .spacingMark
    case 0x102B, 0x102C, 0x1038, 0x1062...0x1064, 0x1067...0x106D, 0x1083, 0x1087...0x108C, 0x108F,
      0x109A...0x109C, 0x1A61, 0x1A63, 0x1A64, 0xAA7B, 0xAA7D, 0x11720, 0x11721:
      return .other
    case 0x1F3FB...0x1F3FF: return .extend
    default: break
    }
    if properties.isGraphemeExtend { return .extend }
    switch properties.generalCategory {
    case .spacingMark: return .spacingMark
    case .control, .format, .lineSeparator, .paragraphSeparator: return .control
    case .unassigned where properties.isDefaultIgnorableCodePoint: return .control
    default: return .other
    }
  }

  /// Whether a mark, a prefix or a line ending may join `scalar` to a neighbour.
  @inline(__always)
  static func isJoining(_ scalar: UInt32) -> Bool {
    guard scalar >= 0x300 || scalar == 0x0D else { return false }
    let kind = kindValue(scalar)
    return kind >= Kind.extend.rawValue || kind == Kind.cr.rawValue
  }

  @inline(__always)
  private static func kindValue(_ scalar: UInt32) -> UInt8 {
    guard scalar < 0x20000 else {
      let isMark = 0xE0020...0xE007F ~= scalar || 0xE0100...0xE01EF ~= scalar
      return isMark ? Kind.extend.rawValue : Kind.other.rawValue
    }
    return table[Int(scalar)]
  }

  /// Whether a cluster ends between two neighbouring scalars.
  static func breaks(between left: UInt32, and right: UInt32) -> Bool {
    guard let first = Kind(rawValue: kindValue(left)), let second = Kind(rawValue: kindValue(right))
    else { return true }
    switch (first, second) {
    case (.cr, .lf): return false
    case (.cr, _), (.lf, _), (.control, _), (_, .control), (_, .cr), (_, .lf): return true
    case (_, .extend), (_, .spacingMark), (.prepend, _): return false
    default: return !isHangulSequence(left, right)
    }
  }

  private static func isHangulSequence(_ left: UInt32, _ right: UInt32) -> Bool {
    let isLeading = 0x1100...0x115F ~= left || 0xA960...0xA97C ~= left
    let isSyllable = 0xAC00...0xD7A3 ~= right
    let vowel = 0x1160...0x11A7 ~= right || 0xD7B0...0xD7C6 ~= right
    let trailing = 0x11A8...0x11FF ~= right || 0xD7CB...0xD7FB ~= right
    if isLeading {
      return vowel || isSyllable || 0x1100...0x115F ~= right || 0xA960...0xA97C ~= right
    }
    let leftVowel =
      0x1160...0x11A7 ~= left || 0xD7B0...0xD7C6 ~= left
      || (0xAC00...0xD7A3 ~= left && (left - 0xAC00) % 28 == 0)
    if leftVowel { return vowel || trailing }
    let leftTrailing =
      0x11A8...0x11FF ~= left || 0xD7CB...0xD7FB ~= left || 0xAC00...0xD7A3 ~= left
    return leftTrailing && trailing
  }
}
