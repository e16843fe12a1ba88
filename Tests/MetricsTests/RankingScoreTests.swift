// SPDX-License-Identifier: Apache-2.0

import Foundation
import Metrics
import Testing

@Suite("RankingScore")
struct RankingScoreTests {
  @Test("scores of a ranking that is known")
  func known() {
    let score = RankingScore([false, true, false, true])
    #expect(score.reciprocalRank == 0.5)
    #expect(score.averagePrecision == 0.5)
    #expect(score.precision(at: 2) == 0.5)
    #expect(score.recall(at: 3) == 0.5)
    let gain = (1 / log2(3.0) + 1 / log2(5.0)) / (1 + 1 / log2(3.0))
    #expect(abs(score.normalizedGain(at: 10) - gain) < 1e-12)
    #expect(RankingScore([true, true]).normalizedGain(at: 1) == 1)
  }

  @Test("a ranking without anything relevant scores nothing, and equal scores win nothing")
  func edges() {
    let none = RankingScore([false, false])
    #expect(
      [none.reciprocalRank, none.averagePrecision, none.recall(at: 1), none.normalizedGain(at: 5)]
        == [0, 0, 0, 0])
    #expect(RankingScore(scores: [1, 1, 1], relevant: [0]).reciprocalRank == 1 / 3.0)
    #expect(RankingScore(scores: [1, 2, 0], relevant: [1]).reciprocalRank == 1)
  }

  @Test("a translation that is found for many sentences counts little")
  func bitext() {
    let score = BitextScore(found: [0, 1, 1, 2])
    #expect(score.parts == [1, 2.0 / 3, 0, 0])
    #expect(abs(score.f1 - (1 + 2.0 / 3) / 4) < 1e-12)
    #expect(BitextScore(found: []).f1 == 0)
  }
}
