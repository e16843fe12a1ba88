// SPDX-License-Identifier: Apache-2.0

extension NormalizationStep {
  /// Steps that take capitals away, as a language has them.
  ///
  /// In Turkish and Azerbaijani (and other languages that have the dotless i: Tatar, Crimean Tatar, Gagauz in
  /// Latin letters) I is ı and İ is i. ß stays ß in lower case, and ẞ becomes it; folded, both are ss.
  static func caseSteps(for language: LanguageTag?) -> [Self] {
    let isTurkic =
      language.map { dotless.contains($0.language) && $0.writtenScript == "Latn" } ?? false
    let capitals = ASCIIEffect.bytes(
      ASCIISet { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }, runsOfSpaces: false)
    return [
      Self("lowercase", "small letters, Turkish and Azerbaijani i by --profile", ascii: capitals) {
        lowercase($0, isTurkic: isTurkic)
      },
      Self(
        "casefold", "folds case for comparison: ß is ss, ς is σ (CaseFolding.txt)", ascii: capitals
      ) { casefold($0, isTurkic: isTurkic) },
    ]
  }

  private static let dotless: Set<String> = ["az", "crh", "gag", "tr", "tt"]

  private static func lowercase(_ text: String, isTurkic: Bool) -> String {
    var result = String.UnicodeScalarView()
    let scalars = Array(text.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      index += 1
      switch scalar.value {
      case 0x49 where isTurkic:
        // An I whose dot stands on its own is an i.
        if index < scalars.count, scalars[index].value == 0x307 {
          index += 1
          result.append("i")
        } else {
          result.append("\u{131}")
        }
      case 0x130 where isTurkic: result.append("i")
      case 0x3a3: result.append(isFinal(index - 1, in: scalars) ? "\u{3c2}" : "\u{3c3}")
      case ..<0x80:
        let isCapital = 0x41...0x5a ~= scalar.value
        result.append(isCapital ? Unicode.Scalar(UInt8(scalar.value + 0x20)) : scalar)
      default:
        if scalar.properties.changesWhenLowercased {
          result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
        } else {
          result.append(scalar)
        }
      }
    }
    return String(result)
  }

  /// Whether a sigma ends a word: a cased letter is before it and none after (Unicode 3.13, Final_Sigma).
  private static func isFinal(_ index: Int, in scalars: [Unicode.Scalar]) -> Bool {
    func isCased(_ range: some Sequence<Unicode.Scalar>) -> Bool {
      range.first { !$0.properties.isCaseIgnorable }?.properties.isCased ?? false
    }
    return isCased(scalars[..<index].reversed()) && !isCased(scalars[(index + 1)...])
  }

  private static func casefold(_ text: String, isTurkic: Bool) -> String {
    var text = text
    let bytes = text.withUTF8 { bytes in
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count)
      var index = 0
      while index < bytes.count {
        let value = decodeScalar(bytes, at: &index)
        if isTurkic, value == 0x49 || value == 0x130 {
          result.appendScalar(value == 0x49 ? 0x131 : 0x69)
          continue
        }
        let folded = CaseFolding[value]
        if folded != CaseFolding.several {
          result.appendScalar(folded)
        } else if let scalar = Unicode.Scalar(value) {
          for part in CaseFolding.folding(of: scalar) { result.appendScalar(part.value) }
        }
      }
      return result
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
