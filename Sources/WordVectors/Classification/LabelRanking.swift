// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The best labels so far, the best first; of equal ones that which came first.
struct LabelRanking {
  /// The most that are kept.
  let limit: Int
  private(set) var entries: [(score: Float, label: Int32)] = []

  init(limit: Int) {
    self.limit = limit
    entries.reserveCapacity(min(limit, 64) + 1)
  }

  /// The score that a label must not be below, once there are enough.
  var worst: Float { entries.count == limit ? entries[limit - 1].score : -.infinity }

  @inline(__always) mutating func add(_ score: Float, _ label: Int32) {
    if entries.count == limit {
      guard let last = entries.last, score > last.score else { return }
      entries.removeLast()
    }
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].score >= score { low = middle + 1 } else { high = middle }
    }
    entries.insert((score, label), at: low)
  }
}

/// The logarithm as fastText takes it, of a number a little larger, so that there is one of 0.
func shiftedLogarithm(_ value: Float) -> Float { Float(log(Double(value) + 1e-5)) }

/// The logistic function, read from fastText's table of 512 steps from -8 to 8; 0 and 1 beyond.
struct SigmoidTable: Sendable {
  private static let limit: Float = 8
  private static let steps = 512

  private let values: [Float] = (0...steps).map { step in
    let place = Float(step * 2 * Int(limit)) / Float(steps) - limit
    return Float(1 / (1 + Double(exp(-place))))
  }

  @inline(__always) func callAsFunction(_ value: Float) -> Float {
    if value < -Self.limit { return 0 }
    if value > Self.limit { return 1 }
    return values[Int((value + Self.limit) * Float(Self.steps) / Self.limit / 2)]
  }
}

/// The logistic function, exactly.
@inline(__always) func sigmoid(_ value: Float) -> Float { Float(1 / Double(1 + exp(-value))) }
