// SPDX-License-Identifier: Apache-2.0

internal import CTorch

extension Tensor {
  /// Two maps, down to a few dimensions and up again, for some tokens of a batch.
  public struct TokenBottleneck {
    /// The tokens.
    public var tokens: Range<Int>
    /// `[inner, inputs]`.
    public var down: Tensor
    /// `[inner]`.
    public var downBias: Tensor?
    /// `[outputs, inner]`.
    public var up: Tensor
    /// `[outputs]`.
    public var upBias: Tensor?
    /// What is made of the tokens counts so much; 1 by default.
    public var scale: Double

    /// A bottleneck for some tokens.
    public init(
      tokens: Range<Int>, down: Tensor, downBias: Tensor? = nil, up: Tensor, upBias: Tensor? = nil,
      scale: Double = 1
    ) {
      (self.tokens, self.scale) = (tokens, scale)
      (self.down, self.downBias, self.up, self.upBias) = (down, downBias, up, upBias)
    }
  }

  /// Adds scale × up(activation(down(x))) of some tokens to the same tokens of this tensor's own memory, for inference.
  ///
  /// One call for any number of bottlenecks, where each by itself would be several operations on a few tokens.
  ///
  /// - Parameters:
  ///   - parts: in the order of their tokens, which must not overlap.
  ///   - source: what goes into them, `[tokens, inputs]`; the receiver is `[tokens, outputs]`.
  ///   - activation: between the two maps.
  public func addBottlenecks(
    _ parts: [TokenBottleneck], of source: Tensor, activation: Activation?
  ) throws(TorchError) {
    guard !GradientMode.isEnabled else {
      throw TorchError(.operation, "this kernel has no gradients", at: "bottlenecks")
    }
    let native = parts.map {
      ctorch_bottleneck(
        start: Int64($0.tokens.lowerBound), count: Int64($0.tokens.count),
        down: $0.down.reference, down_bias: $0.downBias?.reference, up: $0.up.reference,
        up_bias: $0.upBias?.reference, scale: $0.scale)
    }
    try withExtendedLifetime(parts) { () throws(TorchError) in
      try check(
        ctorch_add_bottlenecks(
          source.reference, reference, native, native.count, activation?.number ?? 0),
        at: "bottlenecks")
    }
  }
}
