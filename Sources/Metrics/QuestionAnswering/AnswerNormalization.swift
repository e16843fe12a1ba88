// SPDX-License-Identifier: Apache-2.0

/// What of an answer counts when it is compared: no case, punctuation, articles or extra spaces.
public enum AnswerNormalization: Sendable, Hashable {
  /// SQuAD's own: ASCII punctuation and English articles go (Rajpurkar and others, 2016); XQuAD is scored by it in every language.
  case squad
  /// MLQA's for a language: all punctuation goes, and that language's articles (Lewis and others, 2020).
  ///
  /// By its script in de, en, es, ar, hi, vi and zh, where each ideograph is a word; see ``mlqaLanguages``.
  case mlqa(language: String)

  /// The languages that MLQA's script has rules for.
  public static let mlqaLanguages = ["ar", "de", "en", "es", "hi", "vi", "zh"]

  /// An answer's words, normalised.
  ///
  /// - Throws: `MetricsError.Code.unsupported` for a language that MLQA has no rules for.
  public func words(of answer: String) throws(MetricsError) -> [String] {
    let lowered = ScalarText(text: answer).lowercased
    switch self {
    case .squad:
      let bare = lowered.filter { !$0.isASCIIPunctuation }
      return Self.removing(articles: ["a", "an", "the"], from: bare).words.map {
        ScalarText($0).string
      }
    case .mlqa(let language):
      guard Self.mlqaLanguages.contains(language) else {
        throw MetricsError(
          .unsupported,
          "expected a language that MLQA has rules for "
            + "(\(Self.mlqaLanguages.joined(separator: ", "))), found '\(language)'; "
            + "score it by SQuAD's rules")
      }
      var bare = lowered.filter { !$0.isASCIIPunctuation && !$0.isPunctuation }
      if language == "ar" { bare = bare.replacing("ال", with: " ") }
      bare = Self.removing(articles: Self.articles[language] ?? [], from: bare)
      // The script's range ends where Unicode's block did in 1993.
      if language == "zh" { bare = bare.spacing { (0x4e00...0x9fa5).contains($0.value) } }
      return bare.words.map { ScalarText($0).string }
    }
  }

  /// An answer with its words normalised and one space between.
  public func callAsFunction(_ answer: String) throws(MetricsError) -> String {
    try words(of: answer).joined(separator: " ")
  }

  private static let articles: [String: Set<ScalarText>] = [
    "en": ["a", "an", "the"],
    "es": ["un", "una", "unos", "unas", "el", "la", "los", "las"],
    "vi": ["của", "là", "cái", "chiếc", "những"],
    "de": [
      "ein", "eine", "einen", "einem", "eines", "einer", "der", "die", "das", "den", "dem", "des",
    ],
  ].mapValues { Set($0.map(ScalarText.init(text:))) }

  private static func removing(articles: Set<String>, from text: ScalarText) -> ScalarText {
    removing(articles: Set(articles.map(ScalarText.init(text:))), from: text)
  }

  /// A space in the place of each article between two edges of words, as `\b` of Python's expressions has them.
  private static func removing(articles: Set<ScalarText>, from text: ScalarText) -> ScalarText {
    guard !articles.isEmpty else { return text }
    var result = ScalarText()
    var place = 0
    while place < text.count {
      let isWord = text[place].isWordPart
      var end = place + 1
      while end < text.count, text[end].isWordPart == isWord { end += 1 }
      let run = ScalarText(text[place..<end])
      if isWord, articles.contains(run) { result.append(" ") } else { result += run }
      place = end
    }
    return result
  }
}
