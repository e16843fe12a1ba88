// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// Takes out text that is not in the script of its language, where that is known.
public struct ScriptFilter: TextFilter {
  /// What it is called and what can be set.
  public static let specification = FilterSpecification(
    "script", "text in another script than its language's",
    [
      .init("min-share", 0.35, "least share of letters in the language's script, by what they say"),
      .init("min-letters", 3, "letters from which a text is judged"),
    ])

  private let share: Double
  private let letters: Int

  /// The filter with its parameters set.
  public init(_ values: FilterValues) {
    share = values["min-share"]
    letters = Int(values["min-letters"])
  }

  /// Why the candidate is not fit; nil where it is.
  public func reason(_ candidate: FilterCandidate) -> String? {
    candidate.firstReason { index in
      guard let language = candidate.languages[index] else { return nil }
      let profile = candidate.profiles[index]
      let wanted = language.scripts
      guard profile.letters >= letters, !wanted.isEmpty else { return nil }
      // Marks without a script of their own are as good as any.
      let counts = profile.scriptCounts
      guard counts.reduce(0, { $0 + $1.count }) >= letters else { return nil }
      // A letter of Han says as much as three of Latin, so a name in Latin weighs less than it is long.
      func weight(_ script: Script, _ count: Int) -> Double {
        Double(ScriptMeasure.table[Int(script.rawValue)].weight) * Double(count)
      }
      let all = counts.reduce(0) { $0 + weight($1.script, $1.count) }
      let right = wanted.reduce(0) { $0 + weight($1, profile.letters(of: $1)) }
      let found = right / all
      guard found < share, let main = counts.first(where: { !wanted.contains($0.script) }) else {
        return nil
      }
      return
        "\(brief(100 * found)) % in \(language.writtenScript), \(main.script.code) for \(language)"
    }
  }
}

/// Takes out text that a model says is in another language than it should be.
///
/// It says nothing where no language or no model is known, nor of text that is too short to tell.
public struct LanguageFilter: TextFilter {
  /// What it is called and what can be set.
  public static let specification = FilterSpecification(
    "language", "text in another language than it should be, by a model",
    [
      .init("min-probability", 0.7, "probability from which another language is believed"),
      .init("max-expected", 0.2, "probability of the right language above which the text stays"),
      .init("min-letters", 20, "letters, as Latin's, from which a text is judged"),
    ])

  private let believed: Double
  private let expected: Double
  private let letters: Double
  /// Says what language a text is in.
  public var identifier: (any LanguageIdentifier)?

  /// The filter with its parameters set, and no model yet.
  public init(_ values: FilterValues) {
    believed = values["min-probability"]
    expected = values["max-expected"]
    letters = values["min-letters"]
  }

  /// Why the candidate is not fit; nil where it is.
  public func reason(_ candidate: FilterCandidate) -> String? {
    guard let identifier else { return nil }
    return candidate.firstReason { index in
      guard let wanted = candidate.languages[index],
        candidate.profiles[index].weight >= letters
      else { return nil }
      let text = String(decoding: candidate.texts[index], as: UTF8.self)
      let found = identifier.languages(of: text, limit: 5)
      // A model need not tell scripts of a language apart; the script filter does.
      guard let best = found.first, best.language.language != wanted.language,
        best.probability >= believed
      else { return nil }
      let right = found.first { $0.language.language == wanted.language }?.probability ?? 0
      guard right <= expected else { return nil }
      return "\(best.language) (\(brief(best.probability))), not \(wanted) (\(brief(right)))"
    }
  }
}
