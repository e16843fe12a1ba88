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

    var native: ctorch_row_group {
      ctorch_row_group(
        start: Int64(start), row_count: Int64(rowCount), length: Int64(length),
        key_length: Int64(keyLength))
    }
  }

  /// softmax(scale Q Kᵀ + bias) V within each row, the receiver being Q, for inference (decision 0007).
  ///
  /// All `[tokens, heads × width]` in single precision; rows of any lengths in one call, where they lie.
  ///
  /// - Parameters:
  ///   - keys: `[tokens, heads × width]`.
  ///   - values: `[tokens, heads × width]`.
  ///   - groups: the rows.
  ///   - headCount: heads; those whose width is a multiple of 16 are fastest.
  ///   - scale: what scores are multiplied with; 1/√width by default.
  ///   - bias: `[heads, length, length]` for the longest row or a longer one, added to the scores.
  public func packedAttention(
    keys: Tensor, values: Tensor, groups: [RowGroup], headCount: Int, scale: Double? = nil,
    bias: Tensor? = nil
  ) throws(TorchError) -> Tensor {
    let native = groups.map(\.native)
    var result: OpaquePointer?
    try check(
      ctorch_packed_attention(
        reference, keys.reference, values.reference, native, native.count, Int64(headCount),
        scale ?? attentionScale(headCount), bias?.reference, &result), at: "packed attention")
    guard let result else { throw TorchError(.operation, "no result", at: "packed attention") }
    return Tensor(owning: result)
  }

  func attentionScale(_ headCount: Int) -> Double {
    1 / (Double(shape[1]) / Double(max(headCount, 1))).squareRoot()
  }
}
