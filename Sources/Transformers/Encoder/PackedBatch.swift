// SPDX-License-Identifier: Apache-2.0

import Torch

/// Rows of token ids laid end to end, without padding, sorted by length.
///
/// Everything but attention works on tokens one by one, so a batch needs no padding there; attention works
/// on each ``Group`` of rows of one length. Results come back in the order in which rows were given.
public struct PackedBatch {
  /// Rows of one length, which stand next to each other.
  public typealias Group = Tensor.RowGroup

  /// Token ids, `[tokens]`.
  let ids: Tensor
  /// Positions, `[tokens]`.
  let positions: Tensor
  /// Token types, `[tokens]`.
  let types: Tensor
  /// The groups, by rising length.
  public let groups: [Group]
  /// For each row of the batch, the index of the row that it was given as.
  public let order: [Int]
  /// For each row as given, the place of its first token.
  public let firstTokens: [Int]
  /// Tokens in all.
  public let tokenCount: Int

  /// Packs rows of ids.
  ///
  /// - Parameters:
  ///   - rows: token ids with their special tokens; none may be empty or longer than the model allows.
  ///   - typeRows: token types of the same shape, or nil for zeros.
  ///   - configuration: the encoder that the batch is for.
  public init(
    _ rows: [[Int32]], typeRows: [[Int32]]? = nil, for configuration: EncoderConfiguration
  ) throws {
    try self.init(
      rows, lengths: rows.map(\.count), typeRows: typeRows, configuration.rowRules)
  }

  /// Packs rows that are already padded, keeping the padding.
  ///
  /// Only for results that are defined over padded positions, as the loss of Hugging Face's question
  /// answering models is.
  ///
  /// - Parameters:
  ///   - rows: token ids, padded on the right.
  ///   - lengths: for each row, how many of its tokens are not padding.
  ///   - typeRows: token types of the same shape, or nil for zeros.
  ///   - configuration: the encoder that the batch is for.
  public init(
    padded rows: [[Int32]], lengths: [Int], typeRows: [[Int32]]? = nil,
    for configuration: EncoderConfiguration
  ) throws {
    try self.init(rows, lengths: lengths, typeRows: typeRows, configuration.rowRules)
  }

  /// Packs rows by what a model asks of them, shortest first or in another order.
  init(
    _ rows: [[Int32]], lengths: [Int]? = nil, typeRows: [[Int32]]? = nil, _ rules: RowRules,
    order givenOrder: [Int]? = nil
  ) throws {
    let lengths = lengths ?? rows.map(\.count)
    order =
      givenOrder
      ?? rows.indices.sorted {
        (rows[$0].count, lengths[$0], $0) < (rows[$1].count, lengths[$1], $1)
      }
    tokenCount = rows.reduce(0) { $0 + $1.count }
    var ids: [Int32] = []
    var positions: [Int32] = []
    var types: [Int32] = []
    var groups: [Group] = []
    var firstTokens = [Int](repeating: 0, count: rows.count)
    ids.reserveCapacity(tokenCount)
    positions.reserveCapacity(tokenCount)
    for index in order {
      let row = rows[index]
      try rules.check(row)
      firstTokens[index] = ids.count
      if let last = groups.indices.last, groups[last].length == row.count,
        groups[last].keyLength == lengths[index]
      {
        groups[last].rowCount += 1
      } else {
        groups.append(
          Group(start: ids.count, rowCount: 1, length: row.count, keyLength: lengths[index]))
      }
      ids += row
      positions += rules.positions(row, length: lengths[index])
      if let typeRows { types += typeRows[index] }
    }
    self.groups = groups
    self.firstTokens = firstTokens
    self.ids = try Tensor(ids)
    self.positions = try Tensor(positions)
    self.types =
      typeRows == nil ? try .zeros([tokenCount], dtype: .int32) : try Tensor(types)
  }
}

extension PackedBatch {
  /// Puts one result per row back into the order in which rows were given; `[rows, ...]`.
  func restored(_ perRow: Tensor) throws(TorchError) -> Tensor {
    var places = [Int64](repeating: 0, count: order.count)
    for (place, index) in order.enumerated() { places[index] = Int64(place) }
    return try perRow.gathered(0, Tensor(places))
  }
}
