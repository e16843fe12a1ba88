// SPDX-License-Identifier: Apache-2.0

import Subwords
import Tasks
import TestWorld
import Testing
import Torch

@testable import Training

@Suite struct TokenMaskingTests {
  /// Ids of a word-piece tokenizer: specials, ten words, five pieces that go on with a word.
  private static func tokenizer(hasMask: Bool = true) throws -> Tokenizer {
    let specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + (hasMask ? ["[MASK]"] : ["nomask"])
    let words = (0..<10).map { "w\($0)" } + (0..<5).map { "##p\($0)" }
    return try Tokenizer(
      TokenizerConfiguration(bertPieces: specials + words, lowercases: false))
  }

  /// Rows between [CLS] and [SEP]: words, each with as many further pieces as `tails` says.
  private static func row(_ length: Int, tails: Int = 0) -> [Int32] {
    var row: [Int32] = [2]
    for word in 0..<length {
      row.append(Int32(5 + word % 10))
      for tail in 0..<tails { row.append(Int32(15 + tail % 5)) }
    }
    row.append(3)
    return row
  }

  @Test(
    "shares of hidden, masked, other and kept tokens are those asked for, and special tokens stay")
  func shares() throws {
    let rows = (0..<400).map { Self.row(30 + $0 % 11) }
    let vocabulary = try MaskingVocabulary(Self.tokenizer(), rows)
    var generator = Shuffler(seed: 1)
    var (all, hidden, masked, kept) = (0, 0, 0, 0)
    for row in rows {
      let result = TokenMasking().masked(row, vocabulary, using: &generator)
      let places = result.places
      #expect(places == Set(places).sorted())
      #expect(result.targets == places.map { row[$0] })
      #expect(!places.contains(0) && !places.contains(row.count - 1))
      for place in row.indices where !places.contains(place) {
        #expect(result.ids[place] == row[place])
      }
      #expect(places.allSatisfy { result.ids[$0] > 3 && result.ids[$0] < 15 })
      all += row.count - 2
      hidden += result.places.count
      masked += result.places.count { result.ids[$0] == 4 }
      kept += result.places.count { result.ids[$0] == row[$0] }
    }
    #expect(abs(Double(hidden) / Double(all) - 0.15) < 0.005)
    #expect(abs(Double(masked) / Double(hidden) - 0.8) < 0.03)
    // One in ten of those that another piece stands for get the same by chance.
    #expect(abs(Double(kept) / Double(hidden) - 0.11) < 0.03)
  }

  @Test("a short row has one token to guess, a row of special tokens none")
  func shortRows() throws {
    let rows = [Self.row(1), Self.row(2), [2, 3], [2, 1, 3]]
    let vocabulary = try MaskingVocabulary(Self.tokenizer(), rows)
    var generator = Shuffler(seed: 2)
    let counts = rows.map {
      TokenMasking().masked($0, vocabulary, using: &generator).places.count
    }
    #expect(counts == [1, 1, 0, 0])
    #expect(rows.map(vocabulary.hasTarget) == [true, true, false, false])
  }

  @Test("tokens of a prefix are never hidden")
  func prefix() throws {
    let row = Self.row(6)
    let vocabulary = try MaskingVocabulary(Self.tokenizer(), [row], frontLength: 4)
    var masking = TokenMasking()
    masking.rate = 1
    var generator = Shuffler(seed: 3)
    #expect(masking.masked(row, vocabulary, using: &generator).places == [4, 5, 6])
  }

  @Test("the pieces of a word are hidden together, those of a very long one each by itself")
  func wholeWords() throws {
    let row = Self.row(12, tails: 2)
    let vocabulary = try MaskingVocabulary(Self.tokenizer(), [row], wholeWords: true)
    var masking = TokenMasking()
    masking.wholeWords = true
    var generator = Shuffler(seed: 4)
    var hidden = 0
    for _ in 0..<200 {
      let result = masking.masked(row, vocabulary, using: &generator)
      hidden += result.places.count
      for word in 0..<12 {
        let places = (0..<3).map { 1 + 3 * word + $0 }
        let count = places.count { result.places.contains($0) }
        #expect(count == 0 || count == 3)
      }
    }
    #expect(hidden > 200 * 3 && hidden < 200 * 7)
    let long = [2, 5] + [Int32](repeating: 15, count: TokenMasking.longestWord + 4) + [3]
    let result = masking.masked(long, vocabulary, using: &generator)
    #expect(result.places.count < 5)
  }

  @Test("the same seed hides the same, another one something else")
  func repeats() throws {
    let rows = (0..<20).map { Self.row(10 + $0) }
    let vocabulary = try MaskingVocabulary(Self.tokenizer(), rows)
    func masked(_ seed: UInt64) -> [TokenTargets] {
      var generator = Shuffler(seed: seed)
      return rows.map { TokenMasking().masked($0, vocabulary, using: &generator) }
    }
    #expect(masked(7) == masked(7))
    #expect(masked(7) != masked(8))
  }

  @Test("what cannot be is refused in a sentence")
  func refusals() throws {
    var masking = TokenMasking()
    masking.rate = 0
    #expect(throws: TrainingError.self) { try masking.validate() }
    masking = TokenMasking()
    masking.randomShare = 0.3
    #expect(throws: TrainingError.self) { try masking.validate() }
    let rows = [Self.row(4)]
    #expect {
      try MaskingVocabulary(Self.tokenizer(hasMask: false), rows)
    } throws: { "\($0)".contains("no mask token") }
    #expect {
      try MaskingVocabulary(Self.tokenizer(), [[2, 3], [2, 1, 3]])
    } throws: { "\($0)".contains("special tokens alone") }
  }

  @Test("the engine's generator gives the same seeds after the same seed")
  func draws() async throws {
    try await Compute.run {
      try Engine.seed(5)
      let first = [try Engine.draw(), try Engine.draw()]
      try Engine.seed(5)
      #expect(try [Engine.draw(), Engine.draw()] == first)
      #expect(first[0] != first[1] && first.contains { $0 > 1 << 40 })
    }
  }
}
