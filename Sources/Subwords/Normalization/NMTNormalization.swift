// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The rule set `nmt_nfkc`: NFKC as a finite set of rules, and what machine translation wants
/// beyond it (control characters go, all kinds of spaces become U+0020).
///
/// A rule set cannot reorder marks, so it is NFKC for text whose marks stand in canonical order.
/// Next to the rules for single scalars there is one for each way to spell a composed character
/// in parts: `A` or fullwidth `Ａ` before U+0300 or U+0340 all become `À`.
public enum NMTNormalization {
  /// The rules that follow from those for single scalars.
  ///
  /// - Parameter singles: the rules whose source is one scalar. They also say which version of
  ///   Unicode is meant: compositions of characters that came later are left out, so that the
  ///   result is the same on every platform whose Unicode is at least as new.
  public static func rules(singles: [CharacterMap.Rule]) -> [CharacterMap.Rule] {
    let table = SpellingRules(singles: singles)
    return table.sources.indices.map {
      CharacterMap.Rule(table.sources[$0].scalars, table.targets[Int(table.numbers[$0])])
    }
  }

  /// The rules for single scalars by this platform's version of Unicode.
  public static var singles: [CharacterMap.Rule] { singles(addsToNFKC: true, foldsCase: false) }

  /// The rules for single scalars: NFKC, what machine translation adds to it, and case folding.
  static func singles(addsToNFKC: Bool, foldsCase: Bool) -> [CharacterMap.Rule] {
    var rules = [CharacterMap.Rule]()
    for scalar in assignedScalars(upTo: (Int.max, 0)) {
      // What NFKC changes, its form without case changes too.
      guard
        addsToNFKC && additions[scalar.value] != nil || scalar.properties.changesWhenNFKCCaseFolded
          || foldsCase && scalar.properties.changesWhenCaseFolded
      else { continue }
      var target = (addsToNFKC ? additions[scalar.value] : nil) ?? composed(String(scalar))
      if foldsCase {
        target = composed(String(String.UnicodeScalarView(target.flatMap(folded))))
      }
      if target != [scalar] { rules.append(CharacterMap.Rule([scalar], target)) }
    }
    return rules
  }

  private static func composed(_ text: String) -> [Unicode.Scalar] {
    Array(text.precomposedStringWithCompatibilityMapping.unicodeScalars)
  }

  /// A scalar without its case: that of its capital form, so that ß becomes ss.
  private static func folded(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    guard scalar.properties.changesWhenCaseFolded else { return [scalar] }
    return scalar.properties.uppercaseMapping.unicodeScalars.flatMap {
      Array($0.properties.lowercaseMapping.unicodeScalars)
    }
  }

  /// What goes beyond NFKC: removed controls, and what counts as a space.
  private static let additions: [UInt32: [Unicode.Scalar]] = {
    var additions = [UInt32: [Unicode.Scalar]]()
    let removed: [ClosedRange<UInt32>] = [
      0x01...0x08, 0x0B...0x0B, 0x0E...0x1F, 0x7F...0x7F, 0x8F...0x8F, 0x9F...0x9F,
    ]
    for range in removed { for code in range { additions[code] = [] } }
    let spaces: [UInt32] = [
      0x09, 0x0A, 0x0C, 0x0D, 0x061C, 0x1680, 0x200B, 0x200C, 0x200E, 0x200F, 0x2028, 0x2029,
      0x2581,
      0xFEFF, 0xFFFD,
    ]
    for code in spaces { additions[code] = [" "] }
    // Japanese writes its wave dash so; a tilde is something else.
    additions[0xFF5E] = ["\u{FF5E}"]
    return additions
  }()

  static func assignedScalars(upTo newest: (Int, Int)) -> [Unicode.Scalar] {
    // Planes 3 to 16 hold ideographs without decompositions, tags and private use.
    (UInt32(1)..<0x30000).compactMap(Unicode.Scalar.init).filter { scalar in
      guard let age = scalar.properties.age else { return false }
      return age <= newest
    }
  }
}
