// SPDX-License-Identifier: Apache-2.0

/// TER: the edits, shifts of word groups among them, that turn a translation into a reference, per word of it.
///
/// Snover and others, "A study of translation edit rate with targeted human annotation", 2006; numbers equal those of sacreBLEU
/// 2.6.0, which follows Tercom.
public struct TER: Sendable, Equatable {
  /// A score with what it is made of.
  public struct Score: Sendable, Equatable {
    /// 0 upwards, 100 where every word is edited; lower is better.
    public let score: Double
    /// Edits against the reference that needs fewest.
    public let edits: Int
    /// Words of the references, of several the mean.
    public let referenceLength: Double
  }

  /// Whether signs and digits are set apart; not by default.
  public var normalizes: Bool
  /// Whether punctuation is dropped; not by default.
  public var dropsPunctuation: Bool
  /// Whether ideographs and Asian punctuation are treated too, by the two settings above.
  public var supportsAsian: Bool
  /// Whether case counts; it does not by default.
  public var isCaseSensitive: Bool

  /// A metric with its settings.
  public init(
    normalizes: Bool = false, dropsPunctuation: Bool = false, supportsAsian: Bool = false,
    isCaseSensitive: Bool = false
  ) {
    self.normalizes = normalizes
    self.dropsPunctuation = dropsPunctuation
    self.supportsAsian = supportsAsian
    self.isCaseSensitive = isCaseSensitive
  }

  /// The settings in sacreBLEU's writing, for a number of references.
  public func signature(references: Int) -> String {
    "nrefs:\(references)|case:\(isCaseSensitive ? "mixed" : "lc")|tok:tercom"
      + "|norm:\(normalizes ? "yes" : "no")|punct:\(dropsPunctuation ? "no" : "yes")"
      + "|asian:\(supportsAsian ? "yes" : "no")|version:2.6.0"
  }

  /// The score of a whole set of translations.
  ///
  /// - Parameters:
  ///   - hypotheses: translations.
  ///   - references: one or more sets of references, each as long.
  public func corpus(
    _ hypotheses: [String], references: [[String]]
  ) throws(MetricsError) -> Score {
    try ReferenceSets.check(hypotheses, references)
    var (edits, length) = (0, 0.0)
    for index in hypotheses.indices {
      var symbols = SymbolTable()
      let words = symbols.symbols(tokenized(hypotheses[index]).words)
      var (best, lengths) = (Int.max, 0)
      for set in references {
        let other = symbols.symbols(tokenized(set[index]).words)
        best = min(best, ShiftSearch(other).edits(of: words))
        lengths += other.count
      }
      edits += best
      length += Double(lengths) / Double(references.count)
    }
    let rate = length > 0 ? Double(edits) / length : edits > 0 ? 1 : 0
    return Score(score: 100 * rate, edits: edits, referenceLength: length)
  }

  /// The score of one translation against one or more references.
  public func sentence(_ hypothesis: String, references: [String]) throws(MetricsError) -> Score {
    try corpus([hypothesis], references: references.map { [$0] })
  }

  private func tokenized(_ sentence: String) -> ScalarText {
    var text = ScalarText(ScalarText(text: sentence).trimmingEnd)
    if !isCaseSensitive { text = text.lowercased }
    if normalizes {
      text = Self.normalized(text)
      // Tercom's rules for kana match only a text that is nothing else, and spaces stand around it here.
      if supportsAsian { text = text.spacing { Self.isIdeograph($0) || Self.isAsianSign($0) } }
    }
    if dropsPunctuation {
      text.removeAll {
        [".", ",", "?", ":", ";", "!", "\"", "(", ")"].contains($0)
          || supportsAsian && Self.isAsianSign($0)
      }
    }
    return text
  }

  private static func normalized(_ text: ScalarText) -> ScalarText {
    var line = text.replacing("\n-", with: "").replacing("\n", with: " ")
    for (entity, sign) in TranslationTokenizer.entities {
      line = line.replacing(entity, with: sign)
    }
    line = ([" "] + line + [" "]).spacing(TranslationTokenizer.isWesternSign)
    return TranslationTokenizer.digitRules(line.replacing("'s ", with: " 's "))
  }

  private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2e80...0x2eff, 0x31c0...0x31ef, 0x3200...0x3f22, 0x3400...0x4dbf, 0x4e00...0x9fff,
      0xf900...0xfaff, 0xfe30...0xfe4f:
      true
    default: false
    }
  }

  private static func isAsianSign(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3001, 0x3002, 0x3008...0x3011, 0x3014...0x301f, 0x30fb, 0xff01, 0xff02, 0xff08, 0xff09,
      0xff0c, 0xff0e, 0xff1a, 0xff1b, 0xff1f, 0xff61...0xff65:
      true
    default: false
    }
  }
}
