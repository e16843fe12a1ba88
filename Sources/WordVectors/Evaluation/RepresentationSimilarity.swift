// SPDX-License-Identifier: Apache-2.0

/// How alike two representations of the same items are, row by row: of two languages, two layers or two models.
///
/// The widths may differ but in ``procrustes(_:_:)``. All is in double precision, in memory; the debiased measure takes time and
/// memory with the square of the number of rows.
public enum RepresentationSimilarity {
  /// Linear centred kernel alignment (CKA), 0...1.
  ///
  /// It is `‖YᵀX‖² / (‖XᵀX‖ ‖YᵀY‖)` of centred columns: 1 for spaces that differ by a rotation and a scale, NaN where one side is
  /// constant.
  ///
  /// Source: Kornblith and others, "Similarity of neural network representations revisited", 2019.
  public static func linearCKA(_ x: Matrix, _ y: Matrix) throws -> Double {
    try check(x, y, atLeast: 2)
    let (x, y) = (x.centeringColumns, y.centeringColumns)
    let cross = y.transposed.times(x).norm
    return cross * cross / (x.transposed.times(x).norm * y.transposed.times(y).norm)
  }

  /// Linear CKA without the bias that few rows bring, which makes even random representations alike.
  ///
  /// It needs four rows, and can fall below 0. Source: Song and others, "Feature selection via dependence maximization", 2012, for
  /// the estimator; Nguyen, Raghu and Kornblith, "Do wide and deep networks learn the same things?", 2021.
  public static func debiasedLinearCKA(_ x: Matrix, _ y: Matrix) throws -> Double {
    try check(x, y, atLeast: 4)
    let (k, l) = (hollowGram(x), hollowGram(y))
    return independence(k, l)
      / (independence(k, k).squareRoot() * independence(l, l).squareRoot())
  }

  /// The canonical correlations, falling, 0...1; as many as the smaller rank.
  ///
  /// Source: Hotelling, "Relations between two sets of variates", 1936; by orthonormal bases of the centred columns (Björck and
  /// Golub, 1973).
  public static func canonicalCorrelations(_ x: Matrix, _ y: Matrix) throws -> [Double] {
    try check(x, y, atLeast: 2)
    let (x, y) = (x.centeringColumns.columnBasis, y.centeringColumns.columnBasis)
    return x.transposed.times(y).singularValues.map { min(max($0, 0), 1) }
  }

  /// A rotation of one space onto another, and what it leaves.
  public struct Rotation: Sendable, Hashable {
    /// The orthogonal matrix W of the smallest `‖XW - Y‖`.
    public let matrix: Matrix
    /// The sum of the singular values of `XᵀY`; divided by `‖X‖²` it is the best scale beside the rotation.
    public let scale: Double
    /// `‖XW - Y‖`.
    public let residual: Double
  }

  /// The orthogonal Procrustes problem; columns are taken as they are, so centre them first where that is wanted.
  ///
  /// Source: Schönemann, "A generalized solution of the orthogonal Procrustes problem", 1966.
  public static func procrustes(_ x: Matrix, _ y: Matrix) throws -> Rotation {
    try check(x, y, atLeast: 1)
    guard x.columns == y.columns else {
      throw WordVectorError(
        .argument, "a rotation needs spaces of one width", expected: "\(x.columns) columns",
        found: "\(y.columns)")
    }
    let parts = x.transposed.times(y).squareSingularValues()
    let matrix = parts.u.times(parts.v.transposed)
    return Rotation(
      matrix: matrix, scale: parts.s.reduce(0, +),
      residual: x.times(matrix).adding(y, times: -1).norm)
  }

  private static func check(_ x: Matrix, _ y: Matrix, atLeast minimum: Int) throws {
    guard x.rows == y.rows, x.rows >= minimum, x.columns > 0, y.columns > 0 else {
      throw WordVectorError(
        .data, "the representations do not belong together row by row",
        expected: "as many rows on both sides, and at least \(minimum)",
        found: "\(x.rows) and \(y.rows)")
    }
  }

  /// `XXᵀ` with zeros on the diagonal.
  private static func hollowGram(_ x: Matrix) -> Matrix {
    var gram = x.times(x.transposed)
    for row in 0..<gram.rows { gram[row, row] = 0 }
    return gram
  }

  /// The unbiased estimate of the Hilbert-Schmidt independence criterion, but for its factor `1 / (n (n - 3))`.
  private static func independence(_ k: Matrix, _ l: Matrix) -> Double {
    let count = Double(k.rows)
    var (trace, left, right, both) = (0.0, 0.0, 0.0, 0.0)
    for row in 0..<k.rows {
      var (a, b) = (0.0, 0.0)
      for column in 0..<k.rows {
        trace += k[row, column] * l[row, column]
        a += k[row, column]
        b += l[row, column]
      }
      left += a
      right += b
      both += a * b
    }
    return trace + left * right / ((count - 1) * (count - 2)) - 2 * both / (count - 2)
  }
}
