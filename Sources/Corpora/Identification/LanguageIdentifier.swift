// SPDX-License-Identifier: Apache-2.0

/// Says what language a text is in.
public protocol LanguageIdentifier: Sendable {
  /// The languages that a text may be in with their probabilities, the likeliest first; empty where nothing can be said.
  func languages(of text: String, limit: Int) -> [(language: LanguageTag, probability: Double)]
}
