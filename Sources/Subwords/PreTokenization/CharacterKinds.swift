// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// The kinds of scalars that the stages of tokenizer.json tell apart, as tables.
enum CharacterKinds {
  /// What `\w+|[^\w\s]+` distinguishes.
  enum WordKind: UInt8 {
    case space, word, other
  }

  private static let wordTable = ScalarTables([
    UnicodeProperties.letters.union(ScalarSet([0x200C...0x200D])), UnicodeProperties.whitespace,
  ])

  @inline(__always)
  static func wordKind(_ scalar: UInt32) -> WordKind {
    if wordTable.contains(scalar, table: 0) { return .word }
    return UTF8Scalar.isWhitespace(scalar) ? .space : .other
  }

  /// Whether it is what `\w` names in the Unicode standard (UTS 18, annex C).
  static func isWord(_ scalar: UInt32) -> Bool { wordTable.contains(scalar, table: 0) }

  /// The scalars of a set that a version of Unicode has.
  private static func known(_ set: ScalarSet, upTo version: Int) -> ScalarSet {
    var ranges = [ClosedRange<UInt32>]()
    for range in set.ranges {
      for code in range {
        if let age = Unicode.Scalar(code)?.properties.age, age.major <= version {
          ranges.append(code...code)
        }
      }
    }
    return ScalarSet(ranges)
  }

  /// The general categories of BERT's stages are those of Unicode 8; these have moved since.
  private static let kinds = ScalarTables([
    known(UnicodeProperties.punctuation, upTo: 8)
      .union(ScalarSet([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]))
      .union(ScalarSet([0x166D...0x166D, 0x111C9...0x111C9])),
    // Rust's own, which is a version ahead of the rest.
    UnicodeProperties.category(named: "N").union(
      ScalarSet([0x11DE0...0x11DE9, 0x16FF4...0x16FF6])),
    known(UnicodeProperties.category(named: "Cc"), upTo: 8)
      .union(known(UnicodeProperties.category(named: "Cf"), upTo: 8))
      .union(UnicodeProperties.category(named: "Co")),
    known(UnicodeProperties.category(named: "Mn"), upTo: 8)
      .union(ScalarSet([0x1734...0x1734, 0x1171E...0x1171E]))
      .subtracting(ScalarSet([0x1885...0x1886, 0xA9BD...0xA9BD, 0x111C9...0x111C9])),
    known(UnicodeProperties.category(named: "M"), upTo: 9).union(ScalarSet([0x1CF2...0x1CF3]))
      .subtracting(ScalarSet([0x111C9...0x111C9])),
  ])

  /// Punctuation as BERT counts it: all of Unicode's, and every ASCII sign.
  @inline(__always)
  static func isPunctuation(_ scalar: UInt32) -> Bool { kinds.contains(scalar, table: 0) }

  /// Any kind of number.
  @inline(__always)
  static func isNumeric(_ scalar: UInt32) -> Bool { kinds.contains(scalar, table: 1) }

  /// Controls, formats and private use.
  @inline(__always)
  static func isOther(_ scalar: UInt32) -> Bool { kinds.contains(scalar, table: 2) }

  /// Marks without width, as BERT strips them.
  @inline(__always)
  static func isNonspacingMark(_ scalar: UInt32) -> Bool { kinds.contains(scalar, table: 3) }

  /// Marks of any kind.
  @inline(__always)
  static func isMark(_ scalar: UInt32) -> Bool { kinds.contains(scalar, table: 4) }

  /// The ideographs around which BERT puts spaces.
  @inline(__always)
  static func isIdeograph(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }

  /// The script, Japanese ones counted as Han; nil for spaces and what has no script.
  static func joinedScript(_ code: UInt32) -> Script? {
    guard code != 0x20, let scalar = Unicode.Scalar(code) else { return nil }
    guard let age = scalar.properties.age, age.major <= 9 else { return nil }
    switch code {
    // As they stood in Unicode 9.
    case 0x589, 0x61C: return .common
    case 0x953, 0x954: return devanagari
    default: break
    }
    let script = scalar.script
    if code == 0x30FC || script == hiragana || script == katakana { return han }
    return script == .unknown ? nil : script
  }

  private static let devanagari = Script(code: "Deva")
  private static let han = Script(code: "Hani")
  private static let hiragana = Script(code: "Hira")
  private static let katakana = Script(code: "Kana")
}
