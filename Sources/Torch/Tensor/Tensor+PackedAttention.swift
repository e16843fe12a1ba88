// SPDX-License-Identifier: Apache-2.0

internal import CTorch

extension Tensor {
  /// Rows of one length that stand next to each other among the tokens of a batch.
  public struct RowGroup: Sendable, Equatable {
    /// The first token's place in the batch.
    public var start: Int
    /// Rows in the group.
    public var rowCount: Int
    /// Tokens in each row.
    public var length: Int
    /// Tokens of each row that are attended to, at most ``length``.
    public var keyLength: Int

    /// A group of rows.
    public init(start: Int, rowCount: Int, length: Int, keyLength: Int) {
      self.start = start
      self.rowCount = rowCount
      self.length = length
      self.keyLength = keyLength
    }
  }

  /// Heads of this width go through ``packedAttention(keys:values:groups:headCount:)``.
  public static func hasPackedAttention(headWidth: Int) -> Bool { headWidth % 16 == 0 }

  /// softmax(Q Kᵀ / √d) V within each row, the receiver being Q, for inference (decision 0007).
  ///
  /// All `[tokens, heads × width]` in single precision; rows of any lengths in one call, where they lie.
  public func packedAttention(
    keys: Tensor, values: Tensor, groups: [RowGroup], headCount: Int
  ) throws(TorchError) -> Tensor {
    let native = groups.map {
      ctorch_row_group(
        start: Int64($0.start), row_count: Int64($0.rowCount), length: Int64($0.length),
        key_length: Int64($0.keyLength))
    }
    var result: OpaquePointer?
    try check(
      ctorch_packed_attention(
        reference, keys.reference, values.reference, native, native.count, Int64(headCount),
        &result), at: "packed attention")
    guard let result else { throw TorchError(.operation, "no result", at: "packed attention") }
    return Tensor(owning: result)
  }
}
