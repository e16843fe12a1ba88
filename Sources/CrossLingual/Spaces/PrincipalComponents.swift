// SPDX-License-Identifier: Apache-2.0

import Torch

/// The directions along which vectors vary most (Pearson 1901), for a picture of a space.
public struct PrincipalComponents {
  /// The vectors' mean, `[width]`.
  public let mean: Tensor
  /// One direction per row, by falling variance, `[count, width]`; each one's largest element is positive.
  public let directions: Tensor
  /// The share of the variance that each direction holds.
  public let shares: [Double]

  /// The first `count` components of vectors `[rows, width]`.
  public init(of vectors: Tensor, count: Int) throws {
    let doubled = try vectors.converted(to: .float64)
    let mean = try doubled.mean([0])
    let centered = try doubled.subtracting(mean)
    let covariance = try centered.transposed().matmul(centered)
    let (values, eigenvectors) = try covariance.symmetricEigen()
    let width = vectors.shape[1]
    let kept = min(count, width)
    let variances = try values.elements(as: Double.self)
    let total = max(variances.reduce(0) { $0 + max($1, 0) }, .leastNormalMagnitude)
    let matrix = try eigenvectors.elements(as: Double.self)
    var rows: [Double] = []
    for component in 0..<kept {
      let column = width - 1 - component
      let direction = (0..<width).map { matrix[$0 * width + column] }
      // An eigenvector's sign is arbitrary; fixing it makes pictures repeatable.
      let largest = direction.max { abs($0) < abs($1) } ?? 1
      rows += direction.map { largest < 0 ? -$0 : $0 }
    }
    self.mean = try mean.converted(to: .float32)
    directions = try Tensor(rows, shape: [kept, width]).converted(to: .float32)
    shares = (0..<kept).map { max(variances[width - 1 - $0], 0) / total }
  }

  /// Coordinates of vectors along the components, `[rows, count]`.
  public func project(_ vectors: Tensor) throws(TorchError) -> Tensor {
    try vectors.subtracting(mean).matmul(directions.transposed())
  }
}
