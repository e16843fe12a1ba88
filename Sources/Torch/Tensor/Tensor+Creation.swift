// SPDX-License-Identifier: Apache-2.0

internal import CTorch

extension Tensor {
  private enum Operators {
    static let zeros = Operator("aten::zeros")
    static let empty = Operator("aten::empty", "memory_format")
    static let full = Operator("aten::full")
    static let arange = Operator("aten::arange")
    static let normal = Operator("aten::randn")
    static let clone = Operator("aten::clone")
  }

  /// A CPU tensor that holds a copy of `elements`, row-major; their number must fit `shape`.
  public convenience init<Element: TensorElement>(
    _ elements: [Element], shape: [Int]
  ) throws(TorchError) {
    var result: OpaquePointer?
    let status = elements.withUnsafeBytes { bytes in
      ctorch_tensor_from_bytes(
        bytes.baseAddress, bytes.count, Element.dtype.rawValue, shape.map(Int64.init), shape.count,
        &result)
    }
    try check(status, at: "Tensor(_:shape:)")
    guard let result else { throw TorchError(.operation, "the engine gave no tensor") }
    self.init(owning: result)
  }

  /// A one-dimensional CPU tensor that holds a copy of `elements`.
  public convenience init<Element: TensorElement>(_ elements: [Element]) throws(TorchError) {
    try self.init(elements, shape: [elements.count])
  }

  /// Zeros of a shape.
  public static func zeros(_ shape: [Int], dtype: DType = .float32) throws(TorchError) -> Tensor {
    try Operators.zeros(shape, dtype)
  }

  /// Memory of a shape, whatever it holds; pages are taken as they are written.
  public static func uninitialized(
    _ shape: [Int], dtype: DType = .float32
  ) throws(TorchError) -> Tensor {
    try Operators.empty(shape, dtype)
  }

  /// One value everywhere.
  public static func full(
    _ shape: [Int], _ value: Double, dtype: DType = .float32
  ) throws(TorchError) -> Tensor {
    try Operators.full(shape, value, dtype)
  }

  /// The integers from 0 up to `count`, as indices.
  public static func indices(_ count: Int) throws(TorchError) -> Tensor {
    try Operators.arange(count, DType.int64)
  }

  /// Standard normal values from the engine's generator; see ``Engine/seed(_:)``.
  public static func normal(_ shape: [Int]) throws(TorchError) -> Tensor {
    try Operators.normal(shape, DType.float32)
  }

  /// A copy with memory of its own.
  public func clone() throws(TorchError) -> Tensor {
    try Operators.clone(self)
  }

  /// The elements in row-major order, converted to `Element` first where the type differs.
  public func elements<Element: TensorElement>(
    as type: Element.Type = Element.self
  ) throws(TorchError) -> [Element] {
    let source = dtype == Element.dtype ? self : try converted(to: Element.dtype)
    let count = self.count
    var status: ctorch_status = 0
    let result = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      let bytes = UnsafeMutableRawBufferPointer(buffer)
      status = ctorch_tensor_copy_bytes(
        source.reference, bytes.baseAddress, count * Element.dtype.byteCount)
      initialized = status == 0 ? count : 0
    }
    try check(status, at: "Tensor.elements")
    return result
  }

  /// The only element of a tensor that has just one.
  public func item() throws(TorchError) -> Double {
    let elements = try elements(as: Double.self)
    guard elements.count == 1 else {
      throw TorchError(
        .operation, "expected a tensor of one element, found shape \(shape)", at: "Tensor.item")
    }
    return elements[0]
  }
}
