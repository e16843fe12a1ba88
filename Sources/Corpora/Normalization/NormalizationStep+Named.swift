// SPDX-License-Identifier: Apache-2.0

import Foundation

extension NormalizationStep {
  /// Every step with a fixed name, in the order in which they are listed.
  public static let all = unicodeSteps + signSteps + letterSteps + caseSteps(for: nil)

  /// What a step of transliteration is called: the prefix, then the name of a transform.
  public static let transliterationPrefix = "transliterate:"

  /// The step of a name, as a language has it.
  ///
  /// `transliterate:ID` is a transform of CLDR, which the platform's Foundation carries out: `Any-Latin`,
  /// `Serbian-Latin/BGN`, `Hans-Hant`, `Any-Latin; Latin-ASCII`.
  ///
  /// - Throws: `CorpusError.Code.format` where there is none, with the one that is spelled most like it, or
  ///   where the platform does not have the transform.
  public static func named(
    _ name: String, language: LanguageTag? = nil
  ) throws(CorpusError) -> Self {
    if name.hasPrefix(transliterationPrefix) {
      return try transliteration(String(name.dropFirst(transliterationPrefix.count)))
    }
    let steps = unicodeSteps + signSteps + letterSteps + caseSteps(for: language)
    guard let step = steps.first(where: { $0.name == name }) else {
      let nearest = steps.map(\.name).min {
        (editDistance($0, name), $0) < (editDistance($1, name), $1)
      }
      throw CorpusError(
        .format, "there is no step '\(name)'",
        hint: nearest.map { "did you mean '\($0)'? --help lists all" })
    }
    return step
  }

  private static func transliteration(_ identifier: String) throws(CorpusError) -> Self {
    let transform = StringTransform(identifier)
    guard "".applyingTransform(transform, reverse: false) != nil else {
      throw CorpusError(
        .format, "the platform has no transform '\(identifier)'",
        expected: "a transform of CLDR, as Any-Latin, Cyrillic-Latin, Hans-Hant")
    }
    return Self(
      transliterationPrefix + identifier, "transliterates by CLDR's \(identifier)", ascii: .any
    ) { text in
      // Known to exist, so nil cannot come; if it does, text is better than none.
      text.applyingTransform(transform, reverse: false) ?? text
    }
  }
}
