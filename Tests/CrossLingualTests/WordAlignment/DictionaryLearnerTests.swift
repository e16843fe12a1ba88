// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CrossLingual

@Suite("Word lists from pairs")
struct DictionaryLearnerTests {
  private static let words = (0..<40).map { (source: "word\($0)", target: "mot\($0)") }

  /// Sentences of some of the words; the target says them from behind.
  private static func pairs(
    _ count: Int, changing: (Int, inout [String]) -> Void = { _, _ in }
  ) -> [(source: [String], target: [String])] {
    var state: UInt64 = 7
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    return (0..<count).map { number in
      let chosen = (0..<2 + next(4)).map { _ in words[next(words.count)] }
      var target = chosen.reversed().map(\.target)
      changing(number, &target)
      return (chosen.map(\.source), target)
    }
  }

  @Test("words that stand for each other are found, whatever their order")
  func findsWords() throws {
    let entries = try DictionaryLearner().learn(Self.pairs(300))
    let best = Dictionary(entries.map { ($0.target, $0.source) }, uniquingKeysWith: { a, _ in a })
    let right = Self.words.count { best[$0.target] == $0.source }
    #expect(right >= 38)
    #expect(entries.allSatisfy { $0.share >= 0.3 && $0.share <= 1 && $0.count >= 1 })
    #expect(entries.map(\.target) == entries.map(\.target).sorted())
  }

  @Test("what is the same in both is no entry, nor what is linked too seldom")
  func leavesOut() throws {
    let pairs = Self.pairs(300) { _, target in
      target = target.map { $0 == "mot3" ? "word3" : $0 }
    }
    #expect(try DictionaryLearner().learn(pairs).allSatisfy { $0.source != $0.target })
    var strict = DictionaryLearner()
    strict.minimumCount = 1_000
    #expect(try strict.learn(pairs).isEmpty)
  }

  @Test("a word that two stand for is learned as a phrase, where phrases are asked for")
  func phrases() throws {
    let pairs = Self.pairs(400) { _, target in
      target = target.flatMap { $0 == "mot5" ? ["mot", "cinq"] : [$0] }
    }
    var learner = DictionaryLearner()
    #expect(try learner.learn(pairs).allSatisfy { !$0.target.contains(" ") })
    learner.longestPhrase = 2
    let found = try learner.learn(pairs).filter { $0.target == "mot cinq" }
    #expect(found.map(\.source) == ["word5"])
  }

  @Test("pairs without words on both sides are refused")
  func nothing() {
    #expect(throws: AlignmentError.self) { try DictionaryLearner().learn([(["a"], [])]) }
  }
}
