// SPDX-License-Identifier: Apache-2.0

/// How text is made harder to guess, in each language as much as suits it.
///
/// Languages whose text is cut into more pieces, or that have less of it, may want another share of hidden pieces than others.
struct LanguageNoise: Sendable {
  private let masking: TokenMasking
  private let rates: [String: Double]

  /// Noise that is the same for all languages but those that have a rate of their own.
  init(_ masking: TokenMasking, _ rates: [String: Double] = [:]) {
    (self.masking, self.rates) = (masking, rates)
  }

  /// How text of a language is hidden.
  func masking(_ language: String) -> TokenMasking {
    var result = masking
    if let rate = rates[language] { result.rate = rate }
    return result
  }

  /// Refuses rates that cannot be, and those of languages that no text is of.
  func validate(_ rows: LanguageRows) throws(TrainingError) {
    let known = Set(rows.languages)
    for (language, rate) in rates.sorted(by: { $0.key < $1.key }) {
      guard rate > 0, rate <= 1 else {
        throw TrainingError(
          .plan, "the rate of '\(language)' must be above 0 and at most 1, found \(rate)")
      }
      guard known.contains(language) else {
        let names = known.filter { !$0.isEmpty }.sorted().joined(separator: ", ")
        throw TrainingError(
          .plan,
          "there is a rate for '\(language)', and no text of it to learn from; the languages of the text are "
            + (names.isEmpty ? "not named" : names))
      }
    }
  }
}
