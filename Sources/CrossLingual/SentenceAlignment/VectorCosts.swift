// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// What it costs to join runs of sentences of two documents.
struct VectorCosts {
  private let source: OverlapVectors
  private let target: OverlapVectors
  private let lengths: LengthModel?
  private let lengthWeight: Double
  /// The mean cosine distance of each run to random runs of the other document, in the order of the vectors.
  private let sourceNorms: [Double]
  private let targetNorms: [Double]
  /// What leaving out one sentence costs.
  private(set) var deletion: Double

  init(
    _ source: OverlapVectors, _ target: OverlapVectors, lengths: LengthModel?,
    _ settings: VectorAligner, _ generator: inout SplitMix
  ) {
    self.source = source
    self.target = target
    self.lengths = lengths
    lengthWeight = settings.lengthWeight
    sourceNorms = Self.norms(source, target, settings.normSamples, &generator)
    targetNorms = Self.norms(target, source, settings.normSamples, &generator)
    // Where one side is empty everything is left out, whatever it costs.
    deletion = 1
    let (rows, columns) = (source.count, target.count)
    guard rows > 0, columns > 0 else { return }
    var samples: [Double] = []
    if rows * columns <= settings.costSamples {
      for row in 0..<rows {
        for column in 0..<columns { samples.append(distance(1, 1, row, column)) }
      }
    } else {
      for _ in 0..<settings.costSamples {
        let row = Int.random(in: 0..<rows, using: &generator)
        samples.append(distance(1, 1, row, .random(in: 0..<columns, using: &generator)))
      }
    }
    samples.sort()
    // In a short document the right pairs are many of all that there are.
    let right = samples.count / max(rows, columns)
    let rest = Double(samples.count - 1 - min(right, samples.count - 1))
    let place = samples.count - 1 - Int(((1 - settings.deletionShare) * rest).rounded())
    deletion = samples[place]
  }

  /// What a step costs that ends after so many sentences of either side.
  @inline(__always) func cost(_ step: AlignmentStep, _ source: Int, _ target: Int) -> Double {
    guard !step.isDeletion else { return deletion }
    let cost =
      Double(step.source * step.target)
      * distance(step.source, step.target, source - 1, target - 1)
    guard let lengths, lengthWeight > 0 else { return cost }
    let deviation = lengths.distance(step, source, target)
    return cost + lengthWeight * min(Self.longest, deviation * deviation / 2)
  }

  /// The most that lengths say, so that no pair is out of the question.
  private static let longest = 5.0

  /// The cosine distance of two runs in shares of what is usual.
  @inline(__always) private func distance(
    _ sourceSize: Int, _ targetSize: Int, _ sourceLast: Int, _ targetLast: Int
  ) -> Double {
    let cosine = OverlapVectors.product(
      source.run(sourceSize, endingAt: sourceLast), target.run(targetSize, endingAt: targetLast))
    // Rounding makes a cosine larger than 1.
    return 2 * max(0, 1 - cosine)
      / (1e-6 + sourceNorms[(sourceSize - 1) * source.count + sourceLast]
        + targetNorms[(targetSize - 1) * target.count + targetLast])
  }

  /// One less the mean cosine to random runs of the other side, which is the cosine to their mean.
  private static func norms(
    _ rows: OverlapVectors, _ others: OverlapVectors, _ samples: Int, _ generator: inout SplitMix
  ) -> [Double] {
    guard others.count > 0 else { return .init(repeating: 1, count: rows.count * rows.overlap) }
    var mean = [Double](repeating: 0, count: rows.width)
    var number = 0.0
    for size in 1...others.overlap where others.count >= size {
      for _ in 0..<(samples + others.overlap - 1) / others.overlap {
        let last = Int.random(in: size - 1..<others.count, using: &generator)
        let run = others.run(size, endingAt: last)
        for column in mean.indices { mean[column] += Double(run[column]) }
        number += 1
      }
    }
    let usual = mean.map { Float($0 / number) }
    return usual.withUnsafeBufferPointer { usual in
      (1...rows.overlap).flatMap { size in
        (0..<rows.count).map { 1 - OverlapVectors.product(rows.run(size, endingAt: $0), usual) }
      }
    }
  }
}
