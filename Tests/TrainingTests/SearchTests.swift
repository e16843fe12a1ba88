// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Training

@Suite struct SearchTests {
  @Test("rounds have fewer candidates and more budget each, until one is left")
  func rounds() throws {
    let search = try SuccessiveHalving(count: 9)
    #expect(search.rounds.map(\.count) == [9, 3])
    #expect(search.rounds.map(\.share).map { ($0 * 9).rounded() } == [1, 3])
    #expect(abs(search.cost - 2) < 1e-12)
    // There is nothing to choose, and nothing is tried.
    #expect(try SuccessiveHalving(count: 1).rounds.isEmpty)
    // A share below the least is not worth trying.
    #expect(try SuccessiveHalving(count: 100, minimumShare: 0.5).rounds.map(\.count) == [100])
    for count in 2..<60 {
      let rounds = try SuccessiveHalving(count: count, reduction: 2, minimumShare: 0.01).rounds
      #expect(rounds.first?.count == count && rounds.allSatisfy { $0.count > 1 && $0.share <= 1 })
      #expect(
        zip(rounds, rounds.dropFirst()).allSatisfy { $0.count > $1.count && $0.share < $1.share })
    }
  }

  @Test("the best wins also where others look better at first, if it is among those that go on")
  func best() throws {
    let search = try SuccessiveHalving(count: 9)
    var spent = 0.0
    let found = try search.best(of: Array(0..<9)) { candidate, share in
      spent += share
      // The third best after the first round is the best after the second.
      return candidate == 5 && share > 0.2 ? 100 : -abs(Double(candidate) - 3.6)
    }
    #expect(found == 5)
    #expect(abs(spent - search.cost) < 1e-12)
    let broken = try SuccessiveHalving(count: 3).best(of: [Double.nan, 0.1, .nan]) { value, _ in
      value
    }
    #expect(broken == 0.1)
    // Of equals the one that was given first, which is the user's own.
    #expect(try SuccessiveHalving(count: 5).best(of: Array(0..<5)) { _, _ in 1 } == 0)
    #expect(try SuccessiveHalving(count: 1).best(of: ["own"]) { _, _ in 0 } == "own")
  }

  @Test("candidates follow from the seed, begin with what was given and stay within their ranges")
  func candidates() throws {
    var space = SearchSpace(around: .lora)
    (space.rank, space.epochs) = ([4, 8], [2, 3])
    try space.validate()
    func draw(_ seed: UInt64) -> [Double] {
      space.candidates(40, plan: TrainingPlan(), choice: TuningChoice(.lora), seed: seed)
        .map(\.plan.rate)
    }
    #expect(draw(1) == draw(1) && draw(1) != draw(2))
    #expect(draw(1)[0] == TrainingPlan().rate)
    let drawn = draw(1).dropFirst()
    #expect(drawn.allSatisfy { (space.rate[0]...space.rate[1]).contains($0) })
    // By their logarithm: as many below the geometric middle as above it.
    let middle = (space.rate[0] * space.rate[1]).squareRoot()
    #expect((10...29).contains(drawn.count { $0 < middle }))
    #expect(SearchSpace(around: .head).rate.isEmpty)
  }

  @Test("a range that cannot be is refused by name")
  func refusals() throws {
    var space = SearchSpace(around: .full)
    space.headRate = [1e-3]
    #expect(throws: TrainingError.self) { try space.validate() }
    space = SearchSpace(around: .full)
    space.dropout = [1]
    #expect(throws: TrainingError.self) { try space.validate() }
    #expect(throws: TrainingError.self) { try SuccessiveHalving(count: 0) }
    #expect(throws: TrainingError.self) { try SuccessiveHalving(count: 4, reduction: 1) }
  }
}
