// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// Minimises the relaxed CSLS criterion: for each pair its distance, less that to the nearest neighbours on both sides.
///
/// `f(R) = (1/n) Σ [ -2 (R x)·z + (1/k) Σ_{z' near R x} (R x)·z' + (1/k) Σ_{x' near z} (R x')·z ]` with rows of length 1 and inner
/// products for distances (Joulin, Bojanowski, Mikolov, Jégou and Grave 2018, equation 6). Each step takes the gradient with the
/// neighbours as they are. Cost of a step: pairs times words of both sides.
struct RCSLSTrainer {
  let x: VectorMatrix
  let z: VectorMatrix
  let pairs: [(source: Int, target: Int)]
  let settings: MapRecipe.RCSLS
  let engine: any MatrixEngine
  let threads: Int

  /// The matrix after all steps, of which there is one more than iterations, as in the authors' program; `progress` hears the
  /// criterion before each.
  mutating func train(from start: Matrix, _ progress: (Double) -> Void) throws -> Matrix {
    let sources = x.rows(at: pairs.map(\.source))
    let targets = z.rows(at: pairs.map(\.target))
    let straight = try engine.crossProduct(
      sources.elements, leftWidth: x.columns, targets.elements, rightWidth: z.columns)
    var (matrix, rate) = (start, settings.learningRate)
    var last: (value: Double, matrix: Matrix)?
    for _ in 0...settings.iterations where rate >= 1e-4 {
      let (value, gradient) = try criterion(matrix, sources, targets, straight)
      progress(value)
      if let last, value > last.value {
        // Too far: back, and half as far from there on.
        rate /= 2
        matrix = last.matrix
        let (_, gradient) = try criterion(matrix, sources, targets, straight)
        matrix = try step(matrix, gradient, rate)
        continue
      }
      last = (value, matrix)
      matrix = try step(matrix, gradient, rate)
    }
    return matrix
  }

  private func step(_ matrix: Matrix, _ gradient: Matrix, _ rate: Double) throws -> Matrix {
    let moved = matrix.adding(gradient, times: -rate)
    guard settings.isSpectral else { return moved }
    let parts = try engine.singularValues(of: moved)
    return try engine.product(
      parts.u.scalingColumns(parts.s.map { min($0, 1) }), parts.v.transposed)
  }

  /// The criterion and its gradient, both for `x × matrix`.
  private func criterion(
    _ matrix: Matrix, _ sources: VectorMatrix, _ targets: VectorMatrix, _ straight: Matrix
  ) throws -> (Double, Matrix) {
    let projection = VectorProjection(FittedNormalization(parts: []), matrix)
    let mapped = try projection.apply(to: sources, engine: engine, threads: threads)
    let all = try projection.apply(
      to: x.prefix(settings.vocabulary), engine: engine, threads: threads)
    let count = Double(pairs.count)
    var sum = 0.0
    for row in 0..<mapped.rows {
      for column in 0..<mapped.columns {
        sum += 2 * Double(mapped[row][column]) * Double(targets[row][column])
      }
    }
    var gradient = Matrix(rows: matrix.rows, columns: matrix.columns).adding(straight, times: 2)
    let near = try nearest(to: mapped, among: z.prefix(settings.vocabulary), summing: z)
    sum -= near.sum
    gradient = try gradient.adding(
      engine.crossProduct(
        sources.elements, leftWidth: x.columns, near.means.elements, rightWidth: z.columns),
      times: -1)
    let back = try nearest(to: targets, among: all, summing: x)
    sum -= back.sum
    gradient = try gradient.adding(
      engine.crossProduct(
        back.means.elements, leftWidth: x.columns, targets.elements, rightWidth: z.columns),
      times: -1)
    return (
      -sum / count,
      Matrix(rows: matrix.rows, columns: matrix.columns).adding(gradient, times: -1 / count)
    )
  }

  /// The nearest of some rows to each of others: the sum of their mean products, and for each the mean of its nearest.
  private func nearest(
    to rows: VectorMatrix, among others: VectorMatrix, summing: VectorMatrix
  ) throws -> (sum: Double, means: VectorMatrix) {
    let limit = min(settings.neighbors, others.rows)
    let lists = BestLists(count: rows.rows, limit: limit)
    try SimilarityBlocks(engine: engine, threads: threads).forEach(
      ComparedRows(plain: rows), ComparedRows(plain: others)
    ) { lists.takeRows($0, threads: threads) }
    let width = summing.columns
    let means = VectorMatrix(rows: rows.rows, columns: width) { buffer in
      for row in 0..<rows.rows {
        for entry in lists.entries(row) {
          let other = summing[entry.index]
          for column in 0..<width { buffer[row * width + column] += other[column] / Float(limit) }
        }
      }
    }
    return (lists.means().reduce(0) { $0 + Double($1) }, means)
  }
}
