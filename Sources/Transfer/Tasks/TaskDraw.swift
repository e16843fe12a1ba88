// SPDX-License-Identifier: Apache-2.0

import Foundation
import Metrics
import Tasks

/// What one of a method's trainings came to.
struct TaskDraw: Codable {
  /// What seeded it.
  var seed: UInt64
  /// Its scores and mistakes.
  var evidence: TaskEvidence
  /// What each example of each language added to the score that counts; nil where that is no quotient of sums.
  var shares: [[Share]?]

  /// What an example added, above and below.
  struct Share: Codable {
    var part, whole: Double

    init(_ share: ScoreShare) { (part, whole) = (share.part, share.whole) }
  }

  /// The draws of a method as one: mean scores, intervals over draws and examples, the first draw's mistakes.
  static func merged(_ draws: [TaskDraw], _ bootstrap: Bootstrap) throws -> TaskEvidence? {
    guard var result = draws.first?.evidence else { return nil }
    guard draws.count > 1 else { return result }
    for place in result.languages.indices {
      for score in result.languages[place].scores.indices {
        let values = draws.map { $0.evidence.languages[place].scores[score].value }
        result.languages[place].scores[score].value =
          values.reduce(0, +) / Double(values.count)
      }
      let runs = draws.compactMap { draw in
        draw.shares[place].map { $0.map { (part: $0.part, whole: $0.whole) } }
      }
      result.languages[place].interval =
        runs.count == draws.count ? try bootstrap.interval(ofQuotients: runs) : nil
    }
    result.draws = draws.map { draw in
      .init(seed: draw.seed, values: draw.evidence.languages.map(\.value))
    }
    return result
  }
}
