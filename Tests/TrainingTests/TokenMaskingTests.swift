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

  @Test(
    "lengths of spans are geometric with the mean that is asked for", arguments: [1, 1.5, 3, 3.8])
  func lengths(mean: Double) {
    let lengths = SpanLengths(mean: mean)
    var generator = Shuffler(seed: 6)
    let drawn = (0..<20_000).map { _ in lengths.draw(using: &generator) }
    let found = Double(drawn.reduce(0, +)) / Double(drawn.count)
    #expect(abs(found - mean) < 0.06)
    #expect(drawn.allSatisfy { (1...SpanLengths.longest).contains($0) })
    guard mean == 3.8 else { return }
    // SpanBERT's p is 0.2: each length is four fifths as likely as the one before it.
    let counts = (1...4).map { length in Double(drawn.count { $0 == length }) }
    for (count, next) in zip(counts, counts.dropFirst()) {
      #expect(abs(next / count - 0.8) < 0.06)
    }
  }

  @Test("spans hide the same share in fewer stretches, each of them in one way")
  func spans() throws {
    let rows = (0..<200).map { Self.row(60 + $0 % 11) }
    let vocabulary = try MaskingVocabulary(Self.tokenizer(), rows)
    /// The share that is hidden, stretches for each hidden token, and neighbours of which one is masked and one is not.
    func shares(_ mean: Double) -> (hidden: Double, stretches: Double, mixed: Double) {
      var masking = TokenMasking()
      masking.meanSpanLength = mean
      var generator = Shuffler(seed: 7)
      var (all, hidden, stretches, pairs, mixed) = (0, 0, 0, 0, 0)
      for row in rows {
        let result = masking.masked(row, vocabulary, using: &generator)
        #expect(result.places == Set(result.places).sorted())
        all += row.count - 2
        hidden += result.places.count
        stretches += result.places.isEmpty ? 0 : 1
        for (place, next) in zip(result.places, result.places.dropFirst()) {
          guard next == place + 1 else {
            stretches += 1
            continue
          }
          pairs += 1
          if (result.ids[place] == 4) != (result.ids[next] == 4) { mixed += 1 }
        }
      }
      return (
        Double(hidden) / Double(all), Double(stretches) / Double(hidden),
        Double(mixed) / Double(pairs)
      )
    }
    let (alone, spans) = (shares(1), shares(3.8))
    #expect(abs(alone.hidden - 0.15) < 0.005 && abs(spans.hidden - 0.15) < 0.005)
    #expect(alone.stretches > 0.8 && spans.stretches < 0.45)
    // 2 × 0.8 × 0.2 where each token is decided by itself.
    #expect(alone.mixed > 0.25 && spans.mixed < 0.08)
  }

  @Test("a span of words is of whole words, and none goes over a special token")
  func spansOfWords() throws {
    let row = Self.row(12, tails: 2)
    let joined = [2, 5, 6, 3, 7, 8, 3] as [Int32]
    let vocabulary = try MaskingVocabulary(Self.tokenizer(), [row, joined], wholeWords: true)
    var masking = TokenMasking()
    (masking.wholeWords, masking.meanSpanLength, masking.rate) = (true, 3, 0.3)
    var generator = Shuffler(seed: 4)
    var longest = 0
    for _ in 0..<100 {
      let result = masking.masked(row, vocabulary, using: &generator)
      for word in 0..<12 {
        let count = (0..<3).count { result.places.contains(1 + 3 * word + $0) }
        #expect(count == 0 || count == 3)
      }
      #expect(result.places.count <= 12)
      longest = max(longest, result.places.count)
    }
    #expect(longest > 6)
    masking.rate = 1
    #expect(masking.masked(joined, vocabulary, using: &generator).places == [1, 2, 4, 5])
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
    for mean in [0.5, 5.5, 20] {
      masking = TokenMasking()
      masking.meanSpanLength = mean
      #expect { try masking.validate() } throws: { "\($0)".contains("'meanSpanLength'") }
    }
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
