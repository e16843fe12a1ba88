// SPDX-License-Identifier: Apache-2.0

extension Tensor {
  private enum Operators {
    static let svd = Operator("aten::linalg_svd")
    static let eigh = Operator("aten::linalg_eigh")
    static let solve = Operator("aten::linalg_solve")
  }

  /// The reduced singular value decomposition, `self = U diag(S) Vᵀ`.
  public func singularValues() throws(TorchError) -> (u: Tensor, s: Tensor, vTransposed: Tensor) {
    let parts = try Operators.svd.all(self, false)
    return (parts[0], parts[1], parts[2])
  }

  /// Eigenvalues in ascending order and eigenvectors in columns, of a symmetric matrix.
  public func symmetricEigen() throws(TorchError) -> (values: Tensor, vectors: Tensor) {
    let parts = try Operators.eigh.all(self)
    return (parts[0], parts[1])
  }

  /// X with `self X = other`.
  public func solve(_ other: Tensor) throws(TorchError) -> Tensor {
    try Operators.solve(self, other)
  }
}
