// SPDX-License-Identifier: Apache-2.0

/// Columns of plain text.
enum TextColumns {
  /// Text filled up with spaces, on the left for a negative width.
  static func padded(_ text: String, _ width: Int) -> String {
    let spaces = String(repeating: " ", count: max(0, abs(width) - text.count))
    return width < 0 ? spaces + text : text + spaces
  }
}
