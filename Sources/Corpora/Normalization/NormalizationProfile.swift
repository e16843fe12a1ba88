// SPDX-License-Identifier: Apache-2.0

/// The steps that suit a language: what differs only in how text was typed is made one, what a reader of the
/// language would miss stays.
///
/// By script, then by language. Nothing here takes away case, diacritics or digits.
public struct NormalizationProfile: Sendable, Equatable {
  /// The names of the steps, in their order.
  public let steps: [String]

  /// The profile of a language; the one for all where none is given.
  ///
  /// - Controls go, text is composed (NFC), quotes and dashes become ASCII's except in Chinese and Japanese,
  ///   spaces are tidied.
  /// - Invisible characters go, but for zero-width spaces in scripts that part words by them.
  /// - Arabic script: presentation forms and tatweel go; Persian and its neighbours get their kaf and yeh.
  /// - Chinese, Japanese and Korean: width of letters and digits.
  public init(_ language: LanguageTag? = nil) {
    let script = language?.writtenScript
    var steps = ["controls", "nfc"]
    steps.append(Self.partedByZeroWidth.contains(script ?? "") ? "soft-hyphens" : "invisibles")
    switch script {
    case "Arab":
      steps += ["arabic-forms", "tatweel"]
      if Self.persianLetters.contains(language?.language ?? "") { steps.append("persian-letters") }
    case "Nkoo": steps.append("tatweel")
    case "Hans", "Hant", "Hani", "Jpan", "Kore", "Hira", "Kana", "Hang", "Bopo":
      steps.append("width-letters")
    case "Latn", "Armn": steps.append("ligatures")
    default: break
    }
    if language?.language == "ro" { steps.append("romanian-letters") }
    if !Self.ownQuotes.contains(script ?? "") { steps += ["quotes", "dashes"] }
    self.steps = steps + ["spaces"]
  }

  /// Scripts in which a zero-width space parts words or syllables.
  private static let partedByZeroWidth: Set<String> = [
    "Khmr", "Thai", "Laoo", "Mymr", "Java", "Bali", "Sund", "Lana", "Talu", "Tale", "Tibt",
  ]
  /// Scripts whose quotes and dashes take a whole square.
  private static let ownQuotes: Set<String> = ["Hans", "Hant", "Hani", "Jpan", "Bopo"]
  /// Languages that write Persian's kaf and yeh.
  private static let persianLetters: Set<String> = ["ckb", "fa", "glk", "lrc", "mzn", "prs", "ur"]
}
