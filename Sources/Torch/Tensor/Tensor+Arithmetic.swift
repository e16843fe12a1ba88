// SPDX-License-Identifier: Apache-2.0

extension Tensor {
  private enum Operators {
    static let add = Operator("aten::add", "Tensor")
    static let addScalar = Operator("aten::add", "Scalar")
    static let subtract = Operator("aten::sub", "Tensor")
    static let multiply = Operator("aten::mul", "Tensor")
    static let multiplyScalar = Operator("aten::mul", "Scalar")
    static let divide = Operator("aten::div", "Tensor")
    static let powerScalar = Operator("aten::pow", "Tensor_Scalar")
    static let matmul = Operator("aten::matmul")
    static let exp = Operator("aten::exp")
    static let log = Operator("aten::log")
    static let sqrt = Operator("aten::sqrt")
    static let tanh = Operator("aten::tanh")
    static let clampMinimum = Operator("aten::clamp_min")
    static let addInPlace = Operator("aten::add_", "Tensor")
    static let multiplyInPlace = Operator("aten::mul_", "Scalar")
    static let copyInPlace = Operator("aten::copy_")
    static let equal = Operator("aten::eq", "Tensor")
  }

  /// `self + scale × other`, broadcast.
  public func adding(_ other: Tensor, scale: Double = 1) throws(TorchError) -> Tensor {
    try Operators.add(self, other, scale)
  }

  /// `self + value`.
  public func adding(_ value: Double) throws(TorchError) -> Tensor {
    try Operators.addScalar(self, value)
  }

  /// `self - other`, broadcast.
  public func subtracting(_ other: Tensor) throws(TorchError) -> Tensor {
    try Operators.subtract(self, other)
  }

  /// The product of elements, broadcast.
  public func multiplied(by other: Tensor) throws(TorchError) -> Tensor {
    try Operators.multiply(self, other)
  }

  /// Each element times `value`.
  public func multiplied(by value: Double) throws(TorchError) -> Tensor {
    try Operators.multiplyScalar(self, value)
  }

  /// The quotient of elements, broadcast.
  public func divided(by other: Tensor) throws(TorchError) -> Tensor {
    try Operators.divide(self, other)
  }

  /// Each element raised to `exponent`.
  public func power(_ exponent: Double) throws(TorchError) -> Tensor {
    try Operators.powerScalar(self, exponent)
  }

  /// The matrix product, batched over leading dimensions.
  public func matmul(_ other: Tensor) throws(TorchError) -> Tensor {
    try Operators.matmul(self, other)
  }

  /// e to each element.
  public func exp() throws(TorchError) -> Tensor { try Operators.exp(self) }
  /// The natural logarithm of each element.
  public func log() throws(TorchError) -> Tensor { try Operators.log(self) }
  /// The square root of each element.
  public func squareRoot() throws(TorchError) -> Tensor { try Operators.sqrt(self) }
  /// The hyperbolic tangent of each element.
  public func tanh() throws(TorchError) -> Tensor { try Operators.tanh(self) }

  /// Each element, or `minimum` where it is larger.
  public func clamped(minimum: Double) throws(TorchError) -> Tensor {
    try Operators.clampMinimum(self, minimum)
  }

  /// Where elements are equal.
  public func equal(to other: Tensor) throws(TorchError) -> Tensor {
    try Operators.equal(self, other)
  }

  /// Adds `scale × other` to this tensor's own memory.
  public func add(_ other: Tensor, scale: Double = 1) throws(TorchError) {
    _ = try Operators.addInPlace(self, other, scale)
  }

  /// Multiplies this tensor's own memory by `value`.
  public func scale(by value: Double) throws(TorchError) {
    _ = try Operators.multiplyInPlace(self, value)
  }

  /// Overwrites this tensor's own memory with `source`, broadcast and converted.
  public func copy(from source: Tensor) throws(TorchError) {
    _ = try Operators.copyInPlace(self, source)
  }
}
