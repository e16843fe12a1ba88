// SPDX-License-Identifier: Apache-2.0

/// What a batch asks of the model; a batch holds rows of one kind.
enum BatchWork: Sendable, Equatable {
  case embed
  case classify
}

/// One text on its way to the model.
struct BatchRow: Sendable, Equatable {
  /// The ids, special tokens included.
  var tokens: [Int32]
  /// The language that the caller named.
  var language: String?
}

/// Rows that go through the model together, longest first.
struct Batch: Sendable {
  /// A row, and where its answer belongs.
  struct Entry: Sendable {
    /// The request's number.
    var request: UInt64
    /// The row's place in its request.
    var index: Int
    /// The row.
    var row: BatchRow
  }

  /// What to do with the rows.
  var work: BatchWork
  /// The rows, longest first; of equal length, in order of arrival.
  var entries: [Entry]
  /// The sum of the rows' lengths.
  var tokenCount: Int
}
