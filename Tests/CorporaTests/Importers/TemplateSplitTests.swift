// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Corpora

@Suite("TemplateSplit")
struct TemplateSplitTests {
  private func split(_ groups: [String], seed: UInt64 = 1) -> [String: String] {
    let split = TemplateSplit(
      groups, shares: [("test", 0.2), ("dev", 0.1)], rest: "train", seed: seed)
    return Dictionary(uniqueKeysWithValues: Set(groups).map { ($0, split[$0] ?? "none") })
  }

  @Test(
    "gives each split its share",
    arguments: [
      (100, 20, 10), (10, 2, 1), (5, 1, 1), (3, 1, 1), (2, 1, 1), (1, 1, 0),
    ])
  func shares(_ count: Int, _ test: Int, _ dev: Int) {
    let splits = split((0..<count).map { "template \($0)" }).values
    #expect(splits.count { $0 == "test" } == test)
    #expect(splits.count { $0 == "dev" } == dev)
    #expect(splits.count { $0 == "train" } == count - test - dev)
  }

  @Test("does not hang on the order, or on how often a template comes")
  func order() {
    let groups = (0..<50).map { "template \($0)" }
    #expect(split(groups) == split(groups.reversed() + groups.prefix(20)))
  }

  @Test("is the same for the same seed, and another for another")
  func seeds() {
    let groups = (0..<50).map { "template \($0)" }
    #expect(split(groups, seed: 3) == split(groups, seed: 3))
    #expect(split(groups, seed: 3) != split(groups, seed: 4))
  }

  @Test("knows nothing of a template that was not there")
  func unknown() {
    #expect(TemplateSplit(["a"], shares: [], rest: "train", seed: 1)["b"] == nil)
  }

  @Test("Hashes and generators give the numbers that they always gave")
  func pinned() {
    #expect(stableHash("a", "b") == stableHash("a", "b"))
    #expect(stableHash("a", "b") != stableHash("ab"))
    var generator = StableGenerator(seed: 0)
    // The first numbers of SplitMix64 from 0, as its authors' code prints them.
    #expect(generator.next() == 0xe220_a839_7b1d_cdaf)
    #expect(generator.next() == 0x6e78_9e6a_a1b9_65f4)
    let shares = (0..<1000).map { stableShare(7, "text \($0)") }
    #expect(shares.allSatisfy { (0..<1).contains($0) })
    #expect(abs(shares.reduce(0, +) / 1000 - 0.5) < 0.05)
  }
}
