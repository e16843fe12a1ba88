// SPDX-License-Identifier: Apache-2.0

extension Tensor {
  private enum Operators {
    static let sum = Operator("aten::sum")
    static let sumAlong = Operator("aten::sum", "dim_IntList")
    static let mean = Operator("aten::mean")
    static let meanAlong = Operator("aten::mean", "dim")
    static let argmax = Operator("aten::argmax")
    static let topk = Operator("aten::topk")
    static let maximum = Operator("aten::max")
    static let norm = Operator("aten::linalg_vector_norm")
    static let softmax = Operator("aten::softmax", "int")
    static let logSoftmax = Operator("aten::log_softmax", "int")
    static let logSumExp = Operator("aten::logsumexp")
    static let isFinite = Operator("aten::isfinite")
    static let all = Operator("aten::all")
  }

  /// The sum of all elements.
  public func sum() throws(TorchError) -> Tensor { try Operators.sum(self) }

  /// Sums along dimensions.
  public func sum(_ dimensions: [Int], keeping: Bool = false) throws(TorchError) -> Tensor {
    try Operators.sumAlong(self, dimensions, keeping)
  }

  /// The mean of all elements.
  public func mean() throws(TorchError) -> Tensor { try Operators.mean(self) }

  /// Means along dimensions.
  public func mean(_ dimensions: [Int], keeping: Bool = false) throws(TorchError) -> Tensor {
    try Operators.meanAlong(self, dimensions, keeping)
  }

  /// The index of the largest element along a dimension.
  public func argmax(_ dimension: Int) throws(TorchError) -> Tensor {
    try Operators.argmax(self, dimension)
  }

  /// The `count` largest elements along the last dimension, largest first, and their indices.
  public func largest(_ count: Int) throws(TorchError) -> (values: Tensor, indices: Tensor) {
    let parts = try Operators.topk.all(self, count, -1, true, true)
    return (parts[0], parts[1])
  }

  /// The largest element.
  public func maximum() throws(TorchError) -> Tensor { try Operators.maximum(self) }

  /// The Euclidean norm along a dimension.
  public func norm(_ dimension: Int, keeping: Bool = false) throws(TorchError) -> Tensor {
    try Operators.norm(self, 2.0, [dimension], keeping)
  }

  /// The Euclidean norm of all elements.
  public func norm() throws(TorchError) -> Tensor { try Operators.norm(self) }

  /// The softmax along a dimension.
  public func softmax(_ dimension: Int = -1) throws(TorchError) -> Tensor {
    try Operators.softmax(self, dimension)
  }

  /// The logarithm of the softmax along a dimension.
  public func logSoftmax(_ dimension: Int = -1) throws(TorchError) -> Tensor {
    try Operators.logSoftmax(self, dimension)
  }

  /// log Σ exp along a dimension.
  public func logSumExp(_ dimension: Int) throws(TorchError) -> Tensor {
    try Operators.logSumExp(self, [dimension])
  }

  /// Rows scaled to length one; a row of zeros stays as it is.
  public func normalized(_ dimension: Int = -1) throws(TorchError) -> Tensor {
    try divided(by: norm(dimension, keeping: true).clamped(minimum: 1e-12))
  }

  /// Whether no element is infinite or not a number.
  public func isFinite() throws(TorchError) -> Bool {
    try Operators.all(Operators.isFinite(self)).item() != 0
  }
}
