// SPDX-License-Identifier: Apache-2.0

/// What labelled or unlabelled text consists of, language by language.
public struct CorpusDescription: Sendable, Codable, Equatable {
  /// How much text there is of something, and of what kind.
  public struct Amount: Sendable, Codable, Equatable {
    /// Texts.
    public var texts = 0
    /// UTF-8 bytes.
    public var bytes = 0
    /// Unicode scalars.
    public var scalars = 0
    /// Words between spaces; estimated from letters in scripts without spaces.
    public var words = 0
    /// Word tokens as types are counted: overlapping pairs of letters in scripts without spaces.
    public var tokens = 0
    /// Different word tokens, case folded.
    public var types = 0
    /// Whether the number of types is exact; else its standard error is 0.8 %.
    public var typesAreExact = true
    /// Types to tokens.
    public var typeTokenRatio = 0.0
    /// Scripts with their shares of the letters, the commonest first.
    public var scripts: [Share] = []
    /// Scalars in a text.
    public var length = Length()
    /// Texts that equal an earlier one, as a share.
    public var exactDuplicates = 0.0
    /// Whether that share is exact; else it is estimated.
    public var exactDuplicatesAreExact = true
  }

  /// Something's share.
  public struct Share: Sendable, Codable, Equatable {
    /// What.
    public var name: String
    /// How many.
    public var count: Int
    /// How large a part, from 0 to 1.
    public var share: Double
  }

  /// How long texts are, in scalars.
  public struct Length: Sendable, Codable, Equatable {
    /// The shortest.
    public var shortest = 0
    /// Five in a hundred are no longer.
    public var p5 = 0
    /// Half are no longer.
    public var median = 0
    /// Ninety-five in a hundred are no longer.
    public var p95 = 0
    /// The longest.
    public var longest = 0
    /// The mean.
    public var mean = 0.0
  }

  /// How labels are spread.
  public struct Labels: Sendable, Codable, Equatable {
    /// Texts with a label.
    public var labelled = 0
    /// The labels, the commonest first.
    public var shares: [Share] = []
    /// The entropy of the shares, in bits.
    public var entropy = 0.0
    /// The entropy by the largest that so many labels can have: 1 for balance.
    public var balance = 0.0
    /// The share of the commonest.
    public var majority = 0.0
  }

  /// A dialect or a domain of a language.
  public struct Part: Sendable, Codable, Equatable {
    /// What the column says.
    public var name: String
    /// How much there is.
    public var amount: Amount
    /// Its labels.
    public var labels: Labels
    /// The Jensen–Shannon divergence of its words from those of the language's other texts, in bits.
    public var divergence: Double
  }

  /// The divergence of the words of two domains.
  public struct Divergence: Sendable, Codable, Equatable {
    /// One domain.
    public var left: String
    /// The other.
    public var right: String
    /// The Jensen–Shannon divergence, in bits.
    public var bits: Double
  }

  /// A text whose label is doubtful.
  public struct Suspect: Sendable, Codable, Equatable {
    /// Where it is, "file:line".
    public var place: String
    /// Its label.
    public var label: String
    /// The label that the evidence is for.
    public var other: String
    /// How strong the evidence is, to sort by; a contradicting copy counts 100 and its likeness.
    public var strength: Double
    /// The evidence, in words.
    public var evidence: String
    /// The text, cut at 200 scalars.
    public var text: String
  }

  /// What a language's texts are.
  public struct Language: Sendable, Codable, Equatable {
    /// The language as the data write it; "und" where they do not say.
    public var language: String
    /// How much there is.
    public var amount: Amount
    /// The labels.
    public var labels: Labels
    /// Texts that nearly equal an earlier one, as a share of those that were compared.
    public var nearDuplicates: Double
    /// How many texts were compared for that, and for doubtful labels: the first ones.
    public var compared: Int
    /// The dialects, where the data have them.
    public var dialects: [Part]
    /// The domains or registers, where the data have them.
    public var domains: [Part]
    /// The divergence of each two domains.
    public var divergences: [Divergence]
    /// The divergence of random halves, for comparison.
    public var halves: Double
    /// How well naive Bayes foretells labels of texts that it has not seen; nil where it was not tried.
    public var foretold: Double?
    /// How many labels are doubtful.
    public var suspectCount: Int
    /// The most doubtful ones.
    public var suspects: [Suspect]
  }

  /// The languages, in the order of their names.
  public var languages: [Language] = []
  /// Lines that could not be read.
  public var unreadable = 0
  /// The first of them, with what is wrong.
  public var unreadablePlaces: [String] = []
}
