// SPDX-License-Identifier: Apache-2.0

/// A text and one that says the same in another language, with where they come from.
public struct ParallelText: Sendable, Hashable {
  /// The text in the source language.
  public var source: String
  /// The text that says the same.
  public var target: String
  /// The target's language, where the file names one.
  public var language: String?
  /// How sure it is that the two say the same, where the file says so.
  public var score: Double?
  /// Where the pair stands: the number of its line, or of its entry, from 1.
  public var place: Int

  /// A pair.
  public init(
    _ source: String, _ target: String, language: String? = nil, score: Double? = nil, place: Int
  ) {
    (self.source, self.target, self.language) = (source, target, language)
    (self.score, self.place) = (score, place)
  }
}
