// SPDX-License-Identifier: Apache-2.0

import Foundation
import WritingSystems

/// In which scripts a language is written, and by what code its texts are called for them.
enum LanguageScripts {
  /// The scripts of Unicode that a language's texts are written in; empty where it is not known.
  ///
  /// The script that its tag names, or else its usual ones.
  static func scripts(of tag: LanguageTag) -> [Script] {
    let codes = tag.script.map { [$0] } ?? [tag.writtenScript] + (further[tag.language] ?? [])
    return codes.flatMap { composite[$0] ?? [$0] }.compactMap { Script(code: $0) }
  }

  /// Every code that ``code(of:in:_:)`` may give for a language.
  static func codes(of tag: LanguageTag) -> [String] {
    if let script = tag.script { return [script] }
    let usual = tag.writtenScript
    if usual == "Hans" || usual == "Hant" { return ["Hans", "Hant"] }
    if usual == "Kore" { return ["Hang"] }
    if composite[usual] != nil { return [usual] }
    return [usual] + (further[tag.language] ?? [])
  }

  /// The code of the script of a text in a language: `Jpan` for Japanese, `Hans` or `Hant` for Chinese, else
  /// the one of most letters that is the language's.
  static func code(of text: some StringProtocol, in tag: LanguageTag, _ profile: ScriptProfile)
    -> String
  {
    if let script = tag.script { return script }
    let usual = tag.writtenScript
    if usual == "Hans" || usual == "Hant" {
      return ChineseScript.of(text) ?? usual
    }
    // FLORES calls Korean's script by its letters.
    if usual == "Kore" { return "Hang" }
    if composite[usual] != nil { return usual }
    let own = scripts(of: tag)
    return profile.scripts.first { own.contains($0.script) }?.script.code ?? usual
  }

  /// Codes of ISO 15924 for several scripts of Unicode together.
  private static let composite = [
    "Jpan": ["Hira", "Kana", "Hani"], "Kore": ["Hang", "Hani"], "Hans": ["Hani", "Bopo"],
    "Hant": ["Hani", "Bopo"],
  ]

  /// Scripts besides the usual one in which a language is commonly written.
  private static let further = [
    "az": ["Cyrl", "Arab"], "bs": ["Cyrl"], "crh": ["Cyrl"], "ha": ["Arab"],
    "kk": ["Latn", "Arab"],
    "ku": ["Arab", "Cyrl"], "ky": ["Arab"], "min": ["Arab"], "mn": ["Mong"], "ms": ["Arab"],
    "pa": ["Arab"], "sd": ["Deva"], "sr": ["Latn"], "tg": ["Arab"], "tk": ["Cyrl"], "tt": ["Latn"],
    "uz": ["Cyrl", "Arab"],
  ]
}

/// Tells simplified from traditional Chinese by the characters that only one of them has, as the platform's
/// transliteration between the two knows them.
private enum ChineseScript {
  /// `Hans` or `Hant`; nil where nothing tells.
  static func of(_ text: some StringProtocol) -> String? {
    var (simplified, traditional) = (0, 0)
    for scalar in text.unicodeScalars where range.contains(scalar.value) {
      switch kinds[Int(scalar.value - range.lowerBound)] {
      case 1: simplified += 1
      case 2: traditional += 1
      default: break
      }
    }
    guard simplified != traditional else { return nil }
    return simplified > traditional ? "Hans" : "Hant"
  }

  private static let range: ClosedRange<UInt32> = 0x4e00...0x9fff

  /// 1 for a character that is simplified, 2 for one that has a simplified form.
  private static let kinds: [UInt8] = {
    let scalars = range.compactMap(Unicode.Scalar.init)
    var kinds = [UInt8](repeating: 0, count: scalars.count)
    for (kind, transform) in [(UInt8(1), "Hans-Hant"), (2, "Hant-Hans")] {
      // One character a line, since neighbours decide how a character is written.
      let lines = scalars.map { String($0) }.joined(separator: "\n")
      let changed = lines.applyingTransform(StringTransform(transform), reverse: false) ?? lines
      for (index, line) in changed.split(separator: "\n").enumerated() where index < kinds.count {
        if line.unicodeScalars.first != scalars[index] { kinds[index] = kind }
      }
    }
    return kinds
  }()
}
