// SPDX-License-Identifier: Apache-2.0

/// Markup in the making: elements with their attributes and text escaped as they are added.
struct Markup {
  /// What has been written so far.
  private(set) var html = ""

  /// Writes an element with what `content` writes inside.
  mutating func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
    content: (inout Markup) -> Void
  ) {
    open(name, attributes)
    content(&self)
    html += "</\(name)>"
  }

  /// Writes an element with text inside.
  mutating func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
    text: String = ""
  ) {
    element(name, attributes) { $0.text(text) }
  }

  /// Writes text.
  mutating func text(_ text: String) { html += HTMLText.escape(text) }

  private mutating func open(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>
  ) {
    html += "<\(name)"
    for (key, value) in attributes { html += " \(key)=\"\(HTMLText.escape(value))\"" }
    html += ">"
  }
}
