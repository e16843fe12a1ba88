// SPDX-License-Identifier: Apache-2.0

import Foundation
import WordVectors

/// The matrices of a map for both sides: a source row `x` becomes `x × source`, a target row `z × target`.
public struct LinearMap: Sendable, Hashable {
  /// The source side's matrix.
  public var source: Matrix
  /// The target side's matrix.
  public var target: Matrix
  /// The singular values of the two sides' product, where the method has them: for whitened sides the canonical correlations.
  public var singularValues: [Double] = []

  /// A map of both sides.
  public init(source: Matrix, target: Matrix, singularValues: [Double] = []) {
    self.source = source
    self.target = target
    self.singularValues = singularValues
  }
}

/// How a map is worked out from pairs of rows.
public enum MapMethod: Sendable, Hashable {
  /// The rotation (or reflection) of the sources that brings them nearest to their targets (Schönemann 1966; for word vectors Xing et al.
  /// 2015, Artetxe et al. 2016).
  case orthogonal
  /// Any matrix for the sources that brings them nearest to their targets (Mikolov et al. 2013).
  case leastSquares
  /// The sequence of steps of Artetxe et al. (2018), of which canonical correlation analysis is whitening alone.
  case weighted(WeightedSteps)

  /// Steps around the orthogonal map.
  public struct WeightedSteps: Sendable, Hashable {
    /// Which side's whitening is undone.
    public enum Side: String, Sendable, Hashable, CaseIterable {
      /// The source's.
      case source
      /// The target's.
      case target
    }

    /// Whether both sides' rows are whitened first: uncorrelated, of variance 1 over the dictionary.
    public var whitens = true
    /// The power of the singular values that the source's components are weighted by; 0 for none.
    public var sourceWeight = 0.0
    /// The power of the singular values that the target's components are weighted by; 0 for none.
    public var targetWeight = 0.0
    /// By which side's whitening the source is de-whitened, if at all.
    public var sourceDewhitening: Side?
    /// By which side's whitening the target is de-whitened, if at all.
    public var targetDewhitening: Side?
    /// How many components are kept; nil for all.
    public var dimensions: Int?

    /// Whitening alone.
    public init() {}

    /// vecmap's supervised steps: whitening, symmetric re-weighting, de-whitening.
    public static var symmetric: WeightedSteps {
      var steps = WeightedSteps()
      (steps.sourceWeight, steps.targetWeight) = (0.5, 0.5)
      (steps.sourceDewhitening, steps.targetDewhitening) = (.source, .target)
      return steps
    }
  }
}

extension MapMethod {
  /// The map for pairs of rows: the rows of `x` and `z` with the same number are a pair.
  ///
  /// - Throws: `WordVectorError.Code.data` where there are too few pairs for the method, and what the engine throws.
  public func map(
    _ x: VectorMatrix, _ z: VectorMatrix, engine: any MatrixEngine
  ) throws -> LinearMap {
    let width = x.columns
    switch self {
    case .orthogonal:
      let parts = try engine.singularValues(of: cross(x, z, engine))
      return LinearMap(
        source: try engine.product(parts.u, parts.v.transposed), target: .identity(width),
        singularValues: parts.s)
    case .leastSquares:
      // The pseudoinverse, so that fewer pairs than dimensions give the smallest such matrix.
      let gram = try engine.singularValues(of: cross(x, x, engine))
      let floor = (gram.s.first ?? 0) * 1e-12
      let inverse = gram.s.map { $0 > floor ? 1 / $0 : 0 }
      let pseudo = try engine.product(gram.v.scalingColumns(inverse), gram.v.transposed)
      return LinearMap(
        source: try engine.product(pseudo, cross(x, z, engine)), target: .identity(width))
    case .weighted(let steps): return try weighted(steps, x, z, engine)
    }
  }

  private func cross(
    _ left: VectorMatrix, _ right: VectorMatrix, _ engine: any MatrixEngine
  ) throws -> Matrix {
    try engine.crossProduct(
      left.elements, leftWidth: left.columns, right.elements, rightWidth: right.columns)
  }

  /// A symmetric matrix that whitens rows, and its inverse.
  private func whitening(
    _ rows: VectorMatrix, _ what: String, _ engine: any MatrixEngine
  ) throws -> (matrix: Matrix, inverse: Matrix) {
    let parts = try engine.singularValues(of: cross(rows, rows, engine))
    let lengths = parts.s.map { max($0, 0).squareRoot() }
    guard let first = lengths.first, let last = lengths.last, last > first * 1e-6 else {
      throw WordVectorError(
        .data, "the dictionary has too few pairs to whiten the \(what)",
        expected: "more than \(rows.columns) different words", found: "\(rows.rows) pairs",
        hint: "use an orthogonal map, or a larger dictionary")
    }
    let transposed = parts.v.transposed
    return (
      try engine.product(parts.v.scalingColumns(lengths.map { 1 / $0 }), transposed),
      try engine.product(parts.v.scalingColumns(lengths), transposed)
    )
  }

  private func weighted(
    _ steps: WeightedSteps, _ x: VectorMatrix, _ z: VectorMatrix, _ engine: any MatrixEngine
  ) throws -> LinearMap {
    var product = try cross(x, z, engine)
    let whitenings =
      steps.whitens
      ? (try whitening(x, "sources", engine), try whitening(z, "targets", engine)) : nil
    if let (source, target) = whitenings {
      product = try engine.product(engine.product(source.matrix, product), target.matrix)
    }
    let parts = try engine.singularValues(of: product)
    var map = LinearMap(source: parts.u, target: parts.v, singularValues: parts.s)
    if let (source, target) = whitenings {
      map.source = try engine.product(source.matrix, map.source)
      map.target = try engine.product(target.matrix, map.target)
    }
    func weights(_ power: Double) -> [Double] {
      parts.s.map { power == 0 ? 1 : pow($0, power) }
    }
    map.source = map.source.scalingColumns(weights(steps.sourceWeight))
    map.target = map.target.scalingColumns(weights(steps.targetWeight))
    if let (source, target) = whitenings {
      func undo(_ matrix: Matrix, _ side: WeightedSteps.Side?) throws -> Matrix {
        guard let side else { return matrix }
        let (basis, inverse) =
          side == .source ? (parts.u, source.inverse) : (parts.v, target.inverse)
        let back = try engine.product(engine.product(basis.transposed, inverse), basis)
        return try engine.product(matrix, back)
      }
      map.source = try undo(map.source, steps.sourceDewhitening)
      map.target = try undo(map.target, steps.targetDewhitening)
    }
    if let count = steps.dimensions, count < x.columns {
      map.source = map.source.firstColumns(count)
      map.target = map.target.firstColumns(count)
    }
    return map
  }
}
