// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import WordVectors

/// One step of expectation maximisation for both directions at once.
///
/// Expected counts are added up as integers, in units of 2⁻²⁴, so that the number of threads changes no byte.
struct AlignmentEstimation: Sendable {
  /// Counts of one direction.
  struct Counts: Sendable {
    var lexicon: [Int64]
    var jumps: [Int64]
    /// Σ |i/I - j/J| over choices, and the choices, for the diagonal's tension.
    var distance: Int64 = 0
    var choices: Int64 = 0

    init(_ model: DirectionModel) {
      lexicon = [Int64](repeating: 0, count: model.lexicon.values.count)
      jumps = [Int64](repeating: 0, count: 2 * JumpModel.limit + 1)
    }

    mutating func add(_ other: Counts) {
      for index in lexicon.indices { lexicon[index] += other.lexicon[index] }
      for index in jumps.indices { jumps[index] += other.jumps[index] }
      distance += other.distance
      choices += other.choices
    }

    static let unit = Double(1 << 24)

    static func fixed(_ value: Double) -> Int64 { Int64((value * unit).rounded()) }
    static func floating(_ counts: [Int64]) -> [Double] { counts.map { Double($0) / unit } }
  }

  let corpus: AlignmentCorpus
  let threads: Int

  /// The expected counts of both directions.
  func expect(_ forward: DirectionModel, _ backward: DirectionModel) -> (Counts, Counts) {
    let parts = Mutex<[(Counts, Counts)]>([])
    parallelRanges(corpus.count, threads: threads) { range in
      var (first, second) = (Counts(forward), Counts(backward))
      var (there, back) = (AlignmentLattice(), AlignmentLattice())
      var matrices = TransitionCache()
      for index in range {
        let source = corpus.source.sentence(index)
        let target = corpus.target.sentence(index)
        guard !source.isEmpty, !target.isEmpty else { continue }
        there.fill(
          forward, source, target, transitions: matrices.matrix(forward, source.count, side: 0))
        back.fill(
          backward, target, source, transitions: matrices.matrix(backward, target.count, side: 1))
        Self.count(there, isDiagonal: forward.tension != nil, into: &first)
        Self.count(back, isDiagonal: backward.tension != nil, into: &second)
      }
      parts.withLock { $0.append((first, second)) }
    }
    var result = (Counts(forward), Counts(backward))
    for part in parts.withLock({ $0 }) {
      result.0.add(part.0)
      result.1.add(part.1)
    }
    return result
  }

  private static func count(
    _ own: AlignmentLattice, isDiagonal: Bool, into counts: inout Counts
  ) {
    let width = own.sourceCount + 1
    for row in 0..<own.targetCount {
      for place in 0..<width {
        let entry = own.entries[row * width + place]
        let posterior = own.posteriors[row * width + place]
        guard entry >= 0, posterior > 1e-7 else { continue }
        counts.lexicon[entry] += Counts.fixed(posterior)
        if isDiagonal, place < own.sourceCount {
          let distance = abs(
            Double(place + 1) / Double(own.sourceCount) - Double(row + 1) / Double(own.targetCount))
          counts.distance += Counts.fixed(posterior * distance)
          counts.choices += Counts.fixed(posterior)
        }
      }
    }
    for (bucket, value) in own.jumps.enumerated() { counts.jumps[bucket] += Counts.fixed(value) }
  }
}

/// Transition matrices by the length of a sentence.
struct TransitionCache {
  private var matrices: [[Int: [Double]]] = [[:], [:]]

  /// The matrix of a direction's model for a length; nil where it has no jumps.
  mutating func matrix(_ model: DirectionModel, _ count: Int, side: Int) -> [Double]? {
    guard case .jumps(let jumps) = model.order else { return nil }
    if let known = matrices[side][count] { return known }
    let made = jumps.matrix(count)
    // Long sentences are rare and their matrices large.
    if count <= 256 { matrices[side][count] = made }
    return made
  }
}

extension DirectionModel {
  /// λ of the diagonal; nil for another order.
  var tension: Double? {
    if case .diagonal(let tension) = order { tension } else { nil }
  }
}
