// SPDX-License-Identifier: Apache-2.0

/// A piece of text with what is known of it.
public struct Example: Sendable, Hashable, Codable {
  /// The text.
  public var text: String
  /// The second text of a pair, where it is one.
  public var pair: String?
  /// Its label, where it has one.
  public var label: String?
  /// Its language, as the file writes it.
  public var language: String?
  /// What it must share a split with: its template, its source package, its document.
  public var group: String?
  /// Its name in the file.
  public var identifier: String?

  /// An example from its parts.
  public init(
    text: String, label: String? = nil, language: String? = nil, group: String? = nil,
    identifier: String? = nil, pair: String? = nil
  ) {
    self.text = text
    self.pair = pair
    self.label = label
    self.language = language
    self.group = group
    self.identifier = identifier
  }

  /// The names that JSONL has for them.
  public enum CodingKeys: String, CodingKey {
    case text, pair, label, group
    case language = "lang"
    case identifier = "id"
  }
}
