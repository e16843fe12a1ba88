// SPDX-License-Identifier: Apache-2.0

internal import CTorch

/// What training does all day, with gradients of its own; see `Gradients.cpp` and `Dropout.cpp`.
extension Tensor {
  private enum Operators {
    static let dropout = Operator("aten::dropout")
  }

  /// A low-rank change of a weight (LoRA; Hu and others, 2022).
  public struct LowRankChange {
    /// `[rank, in]`.
    public var down: Tensor
    /// `[out, rank]`.
    public var up: Tensor
    /// What their product is multiplied with.
    public var scale: Double

    /// A change from its parts.
    public init(down: Tensor, up: Tensor, scale: Double) {
      (self.down, self.up, self.scale) = (down, up, scale)
    }
  }

  /// `x (W + scale · up · down)ᵀ + b` in single precision, with gradients of those that have some.
  ///
  /// - Parameters:
  ///   - weight: `[out, in]`.
  ///   - bias: `[out]`.
  ///   - change: what is added to the weight; nothing by default.
  /// - Returns: `[..., out]`.
  public func trainingLinear(
    _ weight: Tensor, _ bias: Tensor?, change: LowRankChange? = nil
  ) throws(TorchError) -> Tensor {
    var result: OpaquePointer?
    try check(
      ctorch_linear(
        reference, weight.reference, bias?.reference, change?.down.reference,
        change?.up.reference, change?.scale ?? 1, &result), at: "linear")
    guard let result else { throw TorchError(.operation, "no result", at: "linear") }
    return Tensor(owning: result)
  }

  /// softmax(scale Q Kᵀ) V within each row, with gradients, the receiver being Q.
  ///
  /// All `[tokens, heads × width]` in single precision. Rows of one length are computed together.
  ///
  /// - Parameters:
  ///   - keys: `[tokens, heads × width]`.
  ///   - values: `[tokens, heads × width]`.
  ///   - groups: the rows; together they must hold all tokens.
  ///   - headCount: heads.
  ///   - scale: what scores are multiplied with; 1/√width by default.
  public func rowAttention(
    keys: Tensor, values: Tensor, groups: [RowGroup], headCount: Int, scale: Double? = nil
  ) throws(TorchError) -> Tensor {
    let native = groups.map(\.native)
    var result: OpaquePointer?
    try check(
      ctorch_row_attention(
        reference, keys.reference, values.reference, native, native.count, Int64(headCount),
        scale ?? attentionScale(headCount), &result), at: "row attention")
    guard let result else { throw TorchError(.operation, "no result", at: "row attention") }
    return Tensor(owning: result)
  }

  /// Each element zeroed with `probability` and the others scaled up, plus `residual` where there is one.
  ///
  /// The engine's generator gives one number for each call, so that the seed decides, whatever the number of threads.
  public func dropout(
    _ probability: Double, adding residual: Tensor? = nil
  ) throws(TorchError) -> Tensor {
    func sum(_ dropped: Tensor) throws(TorchError) -> Tensor {
      guard let residual else { return dropped }
      return try dropped.adding(residual)
    }
    guard probability > 0 else { return try sum(self) }
    guard dtype == .float32, residual.map({ $0.dtype == .float32 && $0.shape == shape }) ?? true
    else {
      return try sum(Operators.dropout(self, probability, true))
    }
    var result: OpaquePointer?
    try check(ctorch_dropout(reference, residual?.reference, probability, &result), at: "dropout")
    guard let result else { throw TorchError(.operation, "no result", at: "dropout") }
    return Tensor(owning: result)
  }
}
