// SPDX-License-Identifier: Apache-2.0

import Corpora

/// Where a task's files have what it needs.
public struct TaskLayout: Sendable, Equatable, Codable {
  /// The column or key of the text, or of the first text of a pair; nil for the task's usual one.
  public var text: String?
  /// The column or key of the second text; nil for the task's usual one, or none.
  public var pair: String?
  /// The column or key of the label, score or tag; nil for the task's usual one.
  public var label: String?
  /// A file of passages, a line each, that belong to the lines of the file itself; for retrieval.
  public var passages: String?

  /// The task's usual columns.
  public init() {}

  /// A reader of texts with the columns of this layout, or else those of a task.
  func reader(
    text: String = "text", pair: String? = nil, label: String = "label", requiresLabel: Bool
  ) -> ExampleReader {
    var reader = ExampleReader()
    reader.textColumn = self.text ?? text
    reader.pairColumn = self.pair ?? pair
    reader.labelColumn = self.label ?? label
    reader.requiresLabel = requiresLabel
    return reader
  }
}
