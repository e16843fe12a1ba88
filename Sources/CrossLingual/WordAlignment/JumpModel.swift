// SPDX-License-Identifier: Apache-2.0

/// How probable it is that the next word is aligned so many places on from the last: the transitions of an HMM (Vogel and others, 1996).
///
/// A jump from place i' to i of a sentence of I words has probability w(i - i') / Σₖ w(k - i'); before the first word the place is -1.
/// Jumps that are longer than ``limit`` share one weight on either side.
struct JumpModel: Sendable, Equatable, Codable {
  /// The longest jump with a weight of its own.
  static let limit = 30
  /// What each weight has before anything is counted, in counts: long sentences are rare, long jumps in them are not.
  private static let smoothing = 1.0

  /// The weights of jumps from -limit to limit.
  private(set) var weights: [Double]

  /// Weights of all jumps, equal: an HMM that begins as Model 1.
  init() {
    weights = [Double](repeating: 1, count: 2 * Self.limit + 1)
  }

  /// The place of a jump's weight.
  static func bucket(_ jump: Int) -> Int { max(-limit, min(limit, jump)) + limit }

  /// Sets the weights from expected counts of jumps.
  mutating func estimate(counts: [Double]) {
    let total = counts.reduce(0, +) + Self.smoothing * Double(counts.count)
    weights = counts.map { ($0 + Self.smoothing) / total }
  }

  /// Transition probabilities in a sentence of `count` words: row i' + 1 is from place i', row 0 from before the first word.
  func matrix(_ count: Int) -> [Double] {
    var matrix = [Double](repeating: 0, count: (count + 1) * count)
    for from in -1..<count {
      var total = 0.0
      for place in 0..<count { total += weights[Self.bucket(place - from)] }
      for place in 0..<count {
        matrix[(from + 1) * count + place] = weights[Self.bucket(place - from)] / total
      }
    }
    return matrix
  }
}
