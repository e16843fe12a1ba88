// SPDX-License-Identifier: Apache-2.0

/// Scores as shares that add up to 1, most of them 0: the point of the simplex that is nearest to the scores.
///
/// Martins and Astudillo, From Softmax to Sparsemax, 2016.
enum Sparsemax {
  /// The places with a share above 0, rising, and the shares.
  ///
  /// Places leave whose score is not above the threshold until none does (Michelot, 1986), which takes a few passes.
  static func shares(of scores: some Collection<Float>) -> [(place: Int, share: Double)] {
    guard let greatest = scores.max() else { return [] }
    // No share is above 1, so the threshold lies at most 1 below the greatest score.
    var left = scores.enumerated().filter { $0.element > greatest - 1 }
      .map { (place: $0.offset, score: Double($0.element)) }
    while true {
      let threshold = (left.reduce(0) { $0 + $1.score } - 1) / Double(left.count)
      let above = left.filter { $0.score > threshold }
      guard above.count < left.count else {
        return left.map { ($0.place, $0.score - threshold) }
      }
      left = above
    }
  }
}
