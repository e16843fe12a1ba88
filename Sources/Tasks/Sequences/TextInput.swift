// SPDX-License-Identifier: Apache-2.0

/// A text, or a pair of texts that are judged together.
public struct TextInput: Sendable, Hashable, Codable {
  /// The only text, or the first: a premise, a query.
  public var text: String
  /// The second: a hypothesis, a passage.
  public var pair: String?

  /// A text, or a pair.
  public init(_ text: String, _ pair: String? = nil) {
    self.text = text
    self.pair = pair
  }
}

/// The one row of a text or pair, and what a head should say of it.
public struct SequenceFeature<Target: Sendable>: TaskFeature {
  /// The row.
  public let rows: [TokenRow]
  /// What the head should say; nil to predict.
  public let target: Target?

  init(rows: [TokenRow], target: Target?) {
    self.rows = rows
    self.target = target
  }

  init(_ input: TextInput, _ target: Target?, prefix: TextPrefix, _ rows: RowEncoder) throws {
    let text = prefix.text + input.text
    self.rows = [
      try input.pair.map { try rows.row(text, prefix.text + $0) } ?? rows.row(text)
    ]
    self.target = target
  }
}
