// SPDX-License-Identifier: Apache-2.0

/// Losses row by row, to be weighed and summed by who knows what rows are worth.
extension Tensor {
  private enum Operators {
    static let crossEntropy = Operator("aten::cross_entropy_loss")
    static let binaryCrossEntropy = Operator("aten::binary_cross_entropy_with_logits")
    static let greatest = Operator("aten::amax")
  }

  /// The cross-entropy of each row of logits `[rows, classes]` against its class; `[rows]`.
  ///
  /// - Parameters:
  ///   - targets: class indices, `[rows]`; rows with `ignoredIndex` get 0.
  ///   - weight: one weight per class, `[classes]`, that multiplies its rows' losses.
  ///   - labelSmoothing: the share of probability spread over all classes.
  ///   - ignoredIndex: the index that marks rows to leave out.
  public func crossEntropies(
    _ targets: Tensor, weight: Tensor? = nil, labelSmoothing: Double = 0, ignoredIndex: Int = -100
  ) throws(TorchError) -> Tensor {
    try Operators.crossEntropy(self, targets, weight, 0, ignoredIndex, labelSmoothing)
  }

  /// The cross-entropy of each logit against a probability, of the same shape.
  public func binaryCrossEntropies(_ targets: Tensor) throws(TorchError) -> Tensor {
    try Operators.binaryCrossEntropy(self, targets, Tensor?.none, Tensor?.none, 0)
  }

  /// The largest elements along dimensions; gradients are shared out among equal ones.
  public func greatest(_ dimensions: [Int], keeping: Bool = false) throws(TorchError) -> Tensor {
    try Operators.greatest(self, dimensions, keeping)
  }
}
