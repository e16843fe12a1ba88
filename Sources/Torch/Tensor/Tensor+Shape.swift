// SPDX-License-Identifier: Apache-2.0

extension Tensor {
  private enum Operators {
    static let reshape = Operator("aten::reshape")
    static let transpose = Operator("aten::transpose", "int")
    static let permute = Operator("aten::permute")
    static let narrow = Operator("aten::narrow")
    static let select = Operator("aten::select", "int")
    static let unbind = Operator("aten::unbind", "int")
    static let indexSelect = Operator("aten::index_select")
    static let indexCopy = Operator("aten::index_copy_")
    static let indexFill = Operator("aten::index_fill_", "int_Scalar")
    static let indexPut = Operator("aten::index_put_")
    static let concatenate = Operator("aten::cat")
    static let stack = Operator("aten::stack")
    static let unsqueeze = Operator("aten::unsqueeze")
    static let contiguous = Operator("aten::contiguous")
    static let toType = Operator("aten::to", "dtype")
  }

  /// The same elements in another shape; one size may be -1.
  public func reshaped(_ shape: [Int]) throws(TorchError) -> Tensor {
    try Operators.reshape(self, shape)
  }

  /// Two dimensions exchanged.
  public func transposed(_ first: Int = -2, _ second: Int = -1) throws(TorchError) -> Tensor {
    try Operators.transpose(self, first, second)
  }

  /// Dimensions in another order.
  public func permuted(_ order: [Int]) throws(TorchError) -> Tensor {
    try Operators.permute(self, order)
  }

  /// `length` entries from `start` along a dimension; shares memory.
  public func narrowed(_ dimension: Int, start: Int, length: Int) throws(TorchError) -> Tensor {
    try Operators.narrow(self, dimension, start, length)
  }

  /// One entry of a dimension, which goes away; shares memory.
  public func selected(_ dimension: Int, _ index: Int) throws(TorchError) -> Tensor {
    try Operators.select(self, dimension, index)
  }

  /// All entries of a dimension, as separate tensors that share memory.
  public func unbound(_ dimension: Int) throws(TorchError) -> [Tensor] {
    try Operators.unbind.all(self, dimension)
  }

  /// Entries of a dimension, picked by an index tensor; copies.
  public func gathered(_ dimension: Int, _ indices: Tensor) throws(TorchError) -> Tensor {
    try Operators.indexSelect(self, dimension, indices)
  }

  /// Overwrites rows of this tensor's own memory, at the places in `indices`.
  public func copy(rows source: Tensor, at indices: Tensor) throws(TorchError) {
    _ = try Operators.indexCopy(self, 0, indices, source)
  }

  /// Overwrites entries of a dimension of this tensor's own memory with one value.
  public func fill(_ dimension: Int, _ indices: Tensor, with value: Double) throws(TorchError) {
    _ = try Operators.indexFill(self, dimension, indices, value)
  }

  /// Overwrites single elements of this matrix's own memory, given by row and column.
  public func put(_ values: Tensor, rows: Tensor, columns: Tensor) throws(TorchError) {
    _ = try Operators.indexPut(self, [rows, columns], values)
  }

  /// Tensors joined along a dimension that they already have.
  public static func concatenated(
    _ tensors: [Tensor], _ dimension: Int = 0
  ) throws(TorchError) -> Tensor {
    try Operators.concatenate(tensors, dimension)
  }

  /// Tensors of one shape joined along a new dimension.
  public static func stacked(
    _ tensors: [Tensor], _ dimension: Int = 0
  ) throws(TorchError) -> Tensor {
    try Operators.stack(tensors, dimension)
  }

  /// A new dimension of size one.
  public func expanded(_ dimension: Int) throws(TorchError) -> Tensor {
    try Operators.unsqueeze(self, dimension)
  }

  /// The same tensor, or a row-major copy.
  public func contiguous() throws(TorchError) -> Tensor {
    try Operators.contiguous(self)
  }

  /// Elements converted to another type; the same tensor when they have it already.
  public func converted(to dtype: DType) throws(TorchError) -> Tensor {
    try Operators.toType(self, dtype)
  }
}
