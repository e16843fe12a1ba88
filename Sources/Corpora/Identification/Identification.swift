// SPDX-License-Identifier: Apache-2.0

/// What is known of the language of a text.
public struct Identification: Sendable, Hashable {
  /// A language with how likely it is.
  public struct Candidate: Sendable, Hashable {
    /// The language and its script, as `swh_Latn`.
    public var language: LanguageTag
    /// Between 0 and 1.
    public var probability: Double

    /// A language and how likely it is.
    public init(language: LanguageTag, probability: Double) {
      self.language = language
      self.probability = probability
    }
  }

  /// A language with how much of a text is in it.
  public struct Share: Sendable, Hashable {
    /// The language and its script.
    public var language: LanguageTag
    /// The share of the text's letters, between 0 and 1.
    public var share: Double

    /// A language and how much of a text is in it.
    public init(language: LanguageTag, share: Double) {
      self.language = language
      self.share = share
    }
  }

  /// The languages that the text may be in, the likeliest first; empty where nothing can be said.
  public var candidates: [Candidate]
  /// Whether the likeliest is likely enough to be believed.
  public var isDetermined: Bool
  /// The ISO 15924 code of the script: the language's own, or that of most letters where the language is not
  /// determined; `Zyyy` for a text without letters.
  public var script: String
  /// Where parts of the text are in different languages, these with their shares, the largest first; empty
  /// where it is in one.
  public var mixture: [Share]

  /// The code of a language that is not determined: `und`.
  public static let undetermined = "und"

  /// The likeliest language as `swh_Latn`, or ``undetermined``.
  public var name: String {
    isDetermined ? candidates.first?.language.description ?? Self.undetermined : Self.undetermined
  }

  /// The probability of the likeliest language; 0 where nothing can be said.
  public var probability: Double { candidates.first?.probability ?? 0 }

  /// What is known, part by part.
  public init(
    candidates: [Candidate], isDetermined: Bool, script: String, mixture: [Share] = []
  ) {
    self.candidates = candidates
    self.isDetermined = isDetermined
    self.script = script
    self.mixture = mixture
  }
}
