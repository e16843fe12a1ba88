// SPDX-License-Identifier: Apache-2.0

/// Takes out what is empty or far too long.
public struct LengthFilter: TextFilter {
  /// What it is called and what can be set.
  public static let specification = FilterSpecification(
    "length", "empty or overlong texts, by scalars and by words",
    [
      .init("min-chars", 1, "least scalars without spaces"),
      .init("max-chars", 5000, "most scalars"),
      .init("min-words", 1, "least words; estimated where a script has no spaces"),
      .init("max-words", 1000, "most words"),
    ])

  private let characters: ClosedRange<Double>
  private let words: ClosedRange<Double>

  /// The filter with its parameters set.
  public init(_ values: FilterValues) {
    characters =
      values["min-chars"]...max(values["min-chars"], values["max-chars"])
    words = values["min-words"]...max(values["min-words"], values["max-words"])
  }

  /// Why the candidate is not fit; nil where it is.
  public func reason(_ candidate: FilterCandidate) -> String? {
    candidate.firstReason { index in
      let profile = candidate.profiles[index]
      let filled = profile.scalars - profile.spaces
      if filled == 0 { return "empty" }
      if Double(filled) < characters.lowerBound { return "\(filled) characters" }
      if Double(profile.scalars) > characters.upperBound { return "\(profile.scalars) characters" }
      if !words.contains(Double(profile.words)), profile.words > 0 || words.lowerBound > 1 {
        return "\(profile.words) words"
      }
      return nil
    }
  }
}

/// Takes out pairs of which one text is far longer than the other.
///
/// Letters count for as much as they say: one of Han for three of Latin, one of Hangul for two. Short pairs
/// may differ more, by an allowance on both sides (after Gale and Church 1993, whose variance grows with length).
public struct LengthRatioFilter: TextFilter {
  /// What it is called and what can be set.
  public static let specification = FilterSpecification(
    "ratio", "pairs of which one text is far longer, scripts considered", comparesPairs: true,
    [
      .init("max-ratio", 2.5, "the longer to the shorter at most"),
      .init("allowance", 15, "letters that are added to both before they are compared"),
    ])

  private let limit: Double
  private let allowance: Double

  /// The filter with its parameters set.
  public init(_ values: FilterValues) {
    limit = values["max-ratio"]
    allowance = values["allowance"]
  }

  /// Why the candidate is not fit; nil where it is.
  public func reason(_ candidate: FilterCandidate) -> String? {
    guard candidate.texts.count == 2 else { return nil }
    let (source, target) = (candidate.profiles[0].weight, candidate.profiles[1].weight)
    let ratio = (max(source, target) + allowance) / max(1, min(source, target) + allowance)
    return ratio > limit
      ? "one text is \(brief(ratio)) times as long (\(brief(source)) and \(brief(target)))" : nil
  }
}
