// SPDX-License-Identifier: Apache-2.0

internal import CTorch

/// Products of rows that lie in a caller's memory, without a copy of it.
public enum MatrixProduct {
  private static let product = Operator("aten::mm", "out")
  /// Rows that are made double at a time.
  private static let blockSize = 1 << 13

  /// `result = left × rightᵀ`: rows of `width` numbers on both sides, a row for each on the left.
  ///
  /// - Throws: `TorchError.Code.operation` where the sizes do not fit each other.
  public static func multiply(
    _ left: UnsafeBufferPointer<Float>, byTransposed right: UnsafeBufferPointer<Float>, width: Int,
    into result: UnsafeMutableBufferPointer<Float>
  ) throws(TorchError) {
    let (rows, columns) = (left.count / width, right.count / width)
    guard rows * width == left.count, columns * width == right.count,
      rows * columns == result.count
    else {
      throw TorchError(
        .operation, "expected \(rows) × \(columns) numbers, found \(result.count)",
        at: "matrix product")
    }
    guard rows > 0, columns > 0 else { return }
    let x = try borrowed(left.baseAddress, [rows, width])
    let z = try borrowed(right.baseAddress, [columns, width])
    _ = try product(x, z.transposed(), borrowed(result.baseAddress, [rows, columns]))
  }

  /// `leftᵀ × right` in double precision, row-major: rows in equal number on both sides.
  public static func cross(
    _ left: UnsafeBufferPointer<Float>, leftWidth: Int, _ right: UnsafeBufferPointer<Float>,
    rightWidth: Int
  ) throws(TorchError) -> [Double] {
    let rows = left.count / leftWidth
    var sum = try Tensor.zeros([leftWidth, rightWidth], dtype: .float64)
    for start in stride(from: 0, to: rows, by: blockSize) {
      let end = min(rows, start + blockSize)
      let x = try borrowed(
        left.baseAddress.map { $0 + start * leftWidth }, [end - start, leftWidth])
      let z = try borrowed(
        right.baseAddress.map { $0 + start * rightWidth }, [end - start, rightWidth])
      sum = try sum.adding(
        x.converted(to: .float64).transposed().matmul(z.converted(to: .float64)))
    }
    return try sum.elements()
  }

  /// A tensor on memory that outlives the call it is for.
  private static func borrowed(
    _ start: UnsafePointer<Float>?, _ shape: [Int]
  ) throws(TorchError) -> Tensor {
    var result: OpaquePointer?
    try check(
      ctorch_tensor_from_memory(
        UnsafeMutableRawPointer(mutating: start), DType.float32.rawValue, shape.map(Int64.init),
        shape.count, { _ in }, nil, &result), at: "matrix product")
    guard let result else { throw TorchError(.operation, "the engine gave no tensor") }
    return Tensor(owning: result)
  }
}
