// SPDX-License-Identifier: Apache-2.0

/// How text is made harder to guess, in each language as much as suits it.
///
/// Languages whose text is cut into more pieces, or that have less of it, may want another share of hidden pieces than others.
struct LanguageNoise: Sendable {
  private let usual: Double
  private let rates: [String: Double]

  /// A share of pieces for all languages but those that have one of their own.
  init(_ usual: Double, _ rates: [String: Double] = [:]) {
    (self.usual, self.rates) = (usual, rates)
  }

  /// The share of pieces to hide in text of a language.
  func rate(_ language: String) -> Double { rates[language] ?? usual }

  /// Refuses rates that cannot be, and those of languages that no text is of.
  ///
  /// - Parameter isAllAllowed: whether all of a row may be hidden; true by default.
  func validate(_ rows: LanguageRows, isAllAllowed: Bool = true) throws(TrainingError) {
    let known = Set(rows.languages)
    for (language, rate) in rates.sorted(by: { $0.key < $1.key }) {
      guard rate > 0, rate < 1 || isAllAllowed && rate == 1 else {
        throw TrainingError(
          .plan,
          "the rate of '\(language)' must be above 0 and \(isAllAllowed ? "at most" : "below") 1, found \(rate)"
        )
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
