// SPDX-License-Identifier: Apache-2.0

/// Functions that layers are made of.
extension Tensor {
  private enum Operators {
    static let linear = Operator("aten::linear")
    static let fusedLinear = Operator("mkldnn::_linear_pointwise")
    static let fusedLinearSum = Operator("mkldnn::_linear_pointwise", "binary")
    static let packedWeight = Operator("mkldnn::_reorder_linear_weight")
    static let layerNorm = Operator("aten::layer_norm")
    static let rmsNorm = Operator("aten::rms_norm")
    static let gelu = Operator("aten::gelu")
    static let silu = Operator("aten::silu")
    static let relu = Operator("aten::relu")
    static let embedding = Operator("aten::embedding")
    static let crossEntropy = Operator("aten::cross_entropy_loss")
    static let attention = Operator("aten::scaled_dot_product_attention")
  }

  /// What follows a linear map, element by element.
  public enum Activation: String, Sendable, Codable {
    /// x Φ(x), exact (Hendrycks and Gimpel 2016).
    case gelu
    /// max(0, x).
    case relu
    /// The hyperbolic tangent.
    case tanh
    /// gelu with its tanh approximation (Hendrycks and Gimpel 2016), what T5 1.1 and mT5 call `gelu_new`.
    case geluTanh = "gelu_new"
    /// x σ(x), also called swish (Ramachandran and others, 2017).
    case silu

    /// The activation that Hugging Face's `config.json` calls by a name; nil for one that there is not.
    public init?(configurationName name: String) {
      switch name {
      case "gelu_pytorch_tanh", "gelu_fast": self = .geluTanh
      case "swish": self = .silu
      default: self.init(rawValue: name)
      }
    }

    /// oneDNN's name and algorithm.
    fileprivate var fused: (name: String, algorithm: String?) {
      switch self {
      case .gelu: ("gelu", "none")
      case .geluTanh: ("gelu", "tanh")
      case .silu: ("swish", nil)
      case .relu, .tanh: (rawValue, nil)
      }
    }
  }

  /// `x Wᵀ + b`, then `activation`.
  ///
  /// Without gradients, in single precision, product, bias and activation are one oneDNN call.
  ///
  /// - Parameters:
  ///   - weight: `[out, in]`.
  ///   - bias: `[out]`.
  ///   - activation: applied to the result; none by default.
  /// - Returns: `[..., out]`.
  public func linear(
    _ weight: Tensor, _ bias: Tensor?, activation: Activation? = nil
  ) throws(TorchError) -> Tensor {
    if !GradientMode.isEnabled, dtype == .float32, weight.dtype == .float32, count > 0 {
      return try fusedLinear(weight, bias, activation: activation)
    }
    let result =
      GradientMode.isEnabled && dtype == .float32 && weight.dtype == .float32 && count > 0
      ? try trainingLinear(weight, bias) : try Operators.linear(self, weight, bias)
    return try result.activated(activation)
  }

  /// `x Wᵀ + b` for a weight of few rows or columns, `[out, in]`, which oneDNN takes longer to prepare than to multiply.
  public func smallLinear(_ weight: Tensor, _ bias: Tensor?) throws(TorchError) -> Tensor {
    try Operators.linear(self, weight, bias)
  }

  /// `x Wᵀ + b` in single precision without gradients, then `activation`, or plus `residual`; one oneDNN call.
  ///
  /// - Parameters:
  ///   - weight: `[out, in]`, or what ``packedForLinear()`` made of it.
  ///   - bias: `[out]`.
  ///   - activation: applied to the result; none by default.
  ///   - residual: `[..., out]`, added to the result; not together with an activation.
  /// - Returns: `[..., out]`.
  public func fusedLinear(
    _ weight: Tensor, _ bias: Tensor?, activation: Activation? = nil, adding residual: Tensor? = nil
  ) throws(TorchError) -> Tensor {
    if let residual {
      precondition(activation == nil, "a sum and an activation at once")
      return try Operators.fusedLinearSum(self, residual, weight, bias, "add")
    }
    let (name, algorithm) = activation?.fused ?? ("none", nil)
    return try Operators.fusedLinear(self, weight, bias, name, [Double](), algorithm)
  }

  /// This weight, `[out, in]`, laid out as oneDNN's products read it, so that no call has to do it again.
  public func packedForLinear() throws(TorchError) -> Tensor {
    try Operators.packedWeight(detached())
  }

  /// This tensor after an activation, or itself without one.
  public func activated(_ activation: Activation?) throws(TorchError) -> Tensor {
    switch activation {
    case .gelu: try Operators.gelu(self)
    case .relu: try Operators.relu(self)
    case .tanh: try tanh()
    case .geluTanh: try Operators.gelu(self, "tanh")
    case .silu: try Operators.silu(self)
    case nil: self
    }
  }

  /// Layer normalisation over the last dimension (Ba and others, 2016).
  public func layerNorm(
    weight: Tensor, bias: Tensor, epsilon: Double
  ) throws(TorchError) -> Tensor {
    try Operators.layerNorm(self, weight.shape, weight, bias, epsilon)
  }

  /// Division by the root of the mean square over the last dimension, then `weight` (Zhang and Sennrich, 2019).
  public func rmsNorm(weight: Tensor, epsilon: Double) throws(TorchError) -> Tensor {
    try Operators.rmsNorm(self, weight.shape, weight, epsilon)
  }

  /// Rows of this table, `[rows, width]`, picked by indices of any shape.
  ///
  /// The row `padding` gets no gradient; -1, the default, means none.
  public func embedding(_ indices: Tensor, padding: Int = -1) throws(TorchError) -> Tensor {
    try Operators.embedding(self, indices, padding)
  }

  /// Mean cross-entropy of logits `[rows, classes]` against class indices `[rows]`.
  ///
  /// - Parameters:
  ///   - targets: class indices; rows with `ignoredIndex` do not count.
  ///   - weight: one weight per class, `[classes]`; the mean is weighted as well.
  ///   - labelSmoothing: the share of probability spread over all classes.
  ///   - ignoredIndex: the index that marks rows to leave out.
  public func crossEntropy(
    _ targets: Tensor, weight: Tensor? = nil, labelSmoothing: Double = 0, ignoredIndex: Int = -100
  ) throws(TorchError) -> Tensor {
    try Operators.crossEntropy(self, targets, weight, 1, ignoredIndex, labelSmoothing)
  }

  /// softmax(scale Q Kᵀ + bias) V, the receiver being Q (Vaswani and others, 2017).
  ///
  /// All of shape `[batch, heads, time, head width]`; memory is linear in `time` where the engine's flash
  /// kernel applies.
  ///
  /// - Parameters:
  ///   - keys: `[batch, heads, keys, width]`.
  ///   - values: `[batch, heads, keys, width]`.
  ///   - bias: added to the scores, broadcast to `[batch, heads, time, keys]`.
  ///   - isCausal: whether a query sees only keys up to its own place; not together with a bias.
  ///   - dropout: the probability of dropping an attention weight.
  ///   - scale: what scores are multiplied with; 1/√width by default.
  public func attention(
    keys: Tensor, values: Tensor, bias: Tensor? = nil, isCausal: Bool = false, dropout: Double = 0,
    scale: Double? = nil
  ) throws(TorchError) -> Tensor {
    try Operators.attention(self, keys, values, bias, dropout, isCausal, scale)
  }
}
