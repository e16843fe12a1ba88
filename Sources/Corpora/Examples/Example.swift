// SPDX-License-Identifier: Apache-2.0

/// A piece of text with what is known of it.
public struct Example: Sendable, Equatable, Codable {
  /// The text.
  public var text: String
  /// Its label, where it has one.
  public var label: String?
  /// Its language, where the file says.
  public var language: String?

  /// An example from its parts.
  public init(text: String, label: String? = nil, language: String? = nil) {
    self.text = text
    self.label = label
    self.language = language
  }
}
