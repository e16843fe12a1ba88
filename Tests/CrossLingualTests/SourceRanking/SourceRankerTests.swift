// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CrossLingual

@Suite("Source ranker")
struct SourceRankerTests {
  private static func candidate(_ language: String, _ values: [SourceFeature: Double])
    -> SourceCandidate
  {
    SourceCandidate(language: language, features: values)
  }

  @Test("a candidate a standard deviation better in all that counts has a score of 1")
  func score() {
    let ranker = SourceRanker(weights: .init([.agreement: 3, .geneticDistance: -1]))
    let ranked = ranker.rank([
      Self.candidate("a", [.agreement: 0.5, .geneticDistance: 0.9]),
      Self.candidate("b", [.agreement: 0.7, .geneticDistance: 0.1]),
    ])
    #expect(ranked.map(\.language) == ["b", "a"])
    #expect(abs(ranked[0].score - 1) < 1e-12)
    #expect(abs(ranked[1].score + 1) < 1e-12)
  }

  @Test("reasons say what lifted first, by how much it did")
  func reasons() {
    let ranker = SourceRanker(weights: .init([.agreement: 3, .geneticDistance: -1]))
    let ranked = ranker.rank([
      Self.candidate("a", [.agreement: 0.5, .geneticDistance: 0.1]),
      Self.candidate("b", [.agreement: 0.7, .geneticDistance: 0.9]),
    ])
    #expect(
      ranked[0].reasons() == [
        "+ agreement with all sources 0.700, above the mean of 0.600",
        "- distance of families 0.900, above the mean of 0.500",
      ])
  }

  @Test("what is not known of a candidate, or is alike in all, moves no score")
  func unknown() {
    let ranker = SourceRanker(weights: .init([.agreement: 1, .geneticDistance: -1]))
    let ranked = ranker.rank([
      Self.candidate("b", [.agreement: 0.5, .geneticDistance: 0.4]),
      Self.candidate("a", [.agreement: 0.5]),
    ])
    #expect(ranked.map(\.score) == [0, 0])
    #expect(ranked.map(\.language) == ["a", "b"])
  }

  @Test("fixed weights point the right way and labelled ones are most of all about accuracy")
  func weights() {
    for weights in [SourceWeights.labelled, .unlabelled] {
      for (feature, weight) in weights.values {
        #expect((weight < 0) == (feature.name.hasPrefix("distance")), "\(feature)")
      }
    }
    #expect(SourceWeights.unlabelled.values.keys.allSatisfy { !$0.needsLabels })
    #expect(
      SourceWeights.labelled.values.max { $0.value < $1.value }?.key == .agreement)
  }
}

@Suite("Language profile")
struct LanguageProfileTests {
  private static func profile(_ texts: [[String]], pieces: [Int32], scripts: [String: Int])
    -> LanguageProfile
  {
    var profile = LanguageProfile()
    for words in texts {
      profile.add(words: words, pieces: pieces, unknown: 3, scripts: scripts)
    }
    return profile
  }

  @Test("overlaps are shares of what both have")
  func overlaps() throws {
    let source = Self.profile(
      [["das", "haus"], ["das", "boot"]], pieces: [5, 6, 3], scripts: ["Latn": 7])
    let target = Self.profile([["das", "huis"]], pieces: [5, 9], scripts: ["Latn": 3, "Grek": 1])
    let features = source.features(forTarget: target)
    #expect(features[.wordOverlap] == 2 * 1.0 / 5)
    #expect(features[.pieceOverlap] == 2 * 1.0 / 4)
    #expect(features[.scriptOverlap] == 0.75)
    #expect(features[.fertility] == 1.5)
    #expect(source.unknownShare == 2.0 / 6)
    #expect(source.typeTokenRatio == 0.75)
    let ratio = 1 - 1 / 0.75
    #expect(abs(try #require(features[.typeTokenDistance]) - ratio * ratio) < 1e-12)
    #expect(source.mainScript == "Latn")
  }

  @Test("runs of three letters are compared by their counts")
  func trigrams() throws {
    let source = Self.profile([["abc"]], pieces: [], scripts: [:])
    let same = try #require(source.features(forTarget: source)[.trigramOverlap])
    #expect(abs(same - 1) < 1e-12)
    let other = Self.profile([["xyz"]], pieces: [], scripts: [:])
    #expect(source.features(forTarget: other)[.trigramOverlap] == 0)
  }
}

@Suite("Transfer risk")
struct TransferRiskTests {
  private static func profile(rows: Int, unknown: Int) -> LanguageProfile {
    var profile = LanguageProfile()
    for row in 0..<rows {
      profile.add(
        words: ["a", "b"], pieces: row < unknown ? [3, 3] : [5, 6], unknown: 3, scripts: [:])
    }
    return profile
  }

  @Test("what agrees less than English, or no better than the commonest class, is a risk")
  func baselines() {
    func risks(_ agreement: Double) -> [String] {
      TransferRisk.risks(
        language: "fin", profile: Self.profile(rows: 200, unknown: 0), agreement: agreement,
        baseline: ("eng", 0.7), majority: 0.3, medianFertility: 1, missing: []
      ).map(\.name)
    }
    #expect(risks(0.72) == [])
    #expect(risks(0.69) == [])
    #expect(risks(0.5) == ["belowBaseline"])
    #expect(risks(0.3) == ["belowMajority", "belowBaseline"])
  }

  @Test("an unseen script, many pieces per word, few rows and missing classes are risks")
  func data() {
    let risks = TransferRisk.risks(
      language: "nqo", profile: Self.profile(rows: 50, unknown: 10), agreement: nil, baseline: nil,
      majority: nil, medianFertility: 0.5, missing: ["sports"])
    #expect(risks.map(\.name) == ["unseenScript", "fertility", "tinyData", "missingClasses"])
    #expect(risks[3].description == "no example of sports")
  }
}
