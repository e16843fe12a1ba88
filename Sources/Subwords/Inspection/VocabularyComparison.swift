// SPDX-License-Identifier: Apache-2.0

/// What changes from one vocabulary to another on the same text.
///
/// Intervals are of the differences themselves: both vocabularies saw the same draws of the bootstrap, so what
/// is hard for both does not count.
public struct VocabularyComparison: Sendable, Equatable, Codable {
  /// What changes in one language.
  public struct Change: Sendable, Equatable, Codable {
    /// The language.
    public var language: String
    /// The second's tokens divided by the first's: below 1 the second is shorter.
    public var tokens: Estimate?
    /// The second's fertility minus the first's; nil where words are not parted by spaces.
    public var fertility: Estimate?
    /// The second's parity minus the first's.
    public var parity: Estimate?
    /// The second's share of whole words minus the first's.
    public var wholeWords: Estimate?
    /// The second's share of unknown tokens minus the first's.
    public var unknownRate: Estimate?
    /// The second's share of byte tokens minus the first's.
    public var byteRate: Estimate?
    /// The second's Rényi efficiency minus the first's.
    public var renyiEfficiency: Double?
  }

  /// The first vocabulary's name.
  public var first: String
  /// The second vocabulary's name.
  public var second: String
  /// The languages that both saw, by their codes.
  public var changes: [Change]

  /// Compares two vocabularies.
  ///
  /// - Parameters:
  ///   - first: an inspection and the tally it was made of.
  ///   - second: the other's; intervals need the same seed, resamples and sentences.
  public init(
    _ first: (VocabularyInspection, InspectionTally),
    _ second: (VocabularyInspection, InspectionTally)
  ) {
    self.first = first.0.name
    self.second = second.0.name
    changes = first.0.languages.compactMap { old in
      guard let new = second.0.language(old.language),
        let a = first.1.languages[old.language], let b = second.1.languages[old.language]
      else { return nil }
      func difference(_ top: Count, _ bottom: Count) -> Estimate? {
        guard let x = a.ratio(top, bottom), let y = b.ratio(top, bottom) else { return nil }
        return Estimate(
          y - x,
          replicates: zip(a.ratios(top, bottom), b.ratios(top, bottom)).map { x, y in
            x.flatMap { x in y.map { $0 - x } }
          })
      }
      let tokens = zip(a.ratios(.tokens, .sentences), b.ratios(.tokens, .sentences))
      return Change(
        language: old.language,
        tokens: Estimate(
          old.tokens > 0 ? Double(new.tokens) / Double(old.tokens) : nil,
          replicates: tokens.map { x, y in x.flatMap { x in y.map { $0 / x } } }),
        fertility: old.fertility == nil || new.fertility == nil ? nil : difference(.tokens, .words),
        parity: old.parity == nil || new.parity == nil
          ? nil : difference(.pairedTokens, .pivotTokens),
        wholeWords: old.wholeWords == nil || new.wholeWords == nil
          ? nil : difference(.wholeWords, .words),
        unknownRate: difference(.unknown, .tokens), byteRate: difference(.byteTokens, .tokens),
        renyiEfficiency: new.entropy?.renyiEfficiency.flatMap { new in
          old.entropy?.renyiEfficiency.map { new - $0 }
        })
    }
  }
}
