// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Subwords

@Suite("Sampling a unigram model")
struct UnigramSamplingTests {
  /// Words of up to two letters are pieces; scores are their own, not a proportion of anything.
  private func model(_ kinds: Bool) throws -> Tokenizer {
    let pieces = ["<unk>", "\u{2581}", "a", "b", "ab", "ba", "\u{2581}a", "aba", "\u{2581}b"]
    let scores: [Double] = [0, -2, -1.5, -1.25, -2.5, -3, -2.25, -4, -3.5]
    let model = try Unigram(
      pieces: pieces, scores: scores, unknownID: 0,
      kinds: kinds ? [.unknown] + pieces.dropFirst().map { _ in .normal } : [])
    return try Tokenizer(
      TokenizerConfiguration(
        normalizer: .sentencePiece(SentencePieceNormalizer(map: try Fixtures.map)),
        model: .unigram(model)))
  }

  /// Every segmentation of a text with its score, by trying all pieces at each place.
  private func ways(_ text: ArraySlice<UInt8>, _ tokenizer: Tokenizer) -> [[Int32]: Double] {
    guard !text.isEmpty else { return [[]: 0] }
    var found: [[Int32]: Double] = [:]
    for (id, piece) in tokenizer.configuration.model.pieces.enumerated().dropFirst()
    where text.starts(with: piece.utf8) {
      for (rest, score) in ways(text.dropFirst(piece.utf8.count), tokenizer) {
        found[[Int32(id)] + rest] = score + tokenizer.configuration.model.scores[id]
      }
    }
    return found
  }

  /// Pearson's statistic of so many draws against exact probabilities, and the degrees of freedom.
  private func chiSquare(
    _ exact: [[Int32]: Double], draws: Int, _ draw: () throws -> [Int32]
  ) rethrows -> (statistic: Double, freedom: Int) {
    var counts: [[Int32]: Int] = [:]
    for _ in 0..<draws { counts[try draw(), default: 0] += 1 }
    #expect(counts.keys.allSatisfy { exact[$0] != nil })
    let total = exact.values.reduce(0, +)
    let statistic = exact.reduce(0) { sum, way in
      let expected = Double(draws) * way.value / total
      let found = Double(counts[way.key] ?? 0)
      return sum + (found - expected) * (found - expected) / expected
    }
    return (statistic, exact.count - 1)
  }

  @Test(
    "each way is drawn as often as its score to the power of alpha says",
    arguments: [(0, true), (0.3, false), (1, true), (2, false)])
  func lattice(alpha: Double, isSentencePiece: Bool) throws {
    let tokenizer = try model(isSentencePiece)
    // Two words: each is drawn by itself, which must come out as the whole.
    let all = ways(Array("\u{2581}aba\u{2581}ba".utf8)[...], tokenizer)
    #expect(all.count > 10)
    var generator = SampleGenerator(seed: 5, stream: 0)
    let (statistic, freedom) = try chiSquare(all.mapValues { exp(alpha * $0) }, draws: 20_000) {
      try tokenizer.sampledIDs(
        of: "aba ba", by: .lattice(alpha: alpha), addsSpecialTokens: false, using: &generator)
    }
    // Four standard deviations above the mean.
    #expect(statistic < Double(freedom) + 4 * (2 * Double(freedom)).squareRoot())
  }

  @Test("the best few are drawn by their scores, and no others")
  func best() throws {
    let tokenizer = try model(true)
    let best = try tokenizer.bestSegmentations(of: "aba ba", count: 4)
    let exact = Dictionary(uniqueKeysWithValues: best.map { ($0.ids, exp(0.5 * $0.score)) })
    var generator = SampleGenerator(seed: 6, stream: 0)
    let (statistic, freedom) = try chiSquare(exact, draws: 10_000) {
      try tokenizer.sampledIDs(
        of: "aba ba", by: .nBest(4, alpha: 0.5), addsSpecialTokens: false, using: &generator)
    }
    #expect(statistic < Double(freedom) + 4 * (2 * Double(freedom)).squareRoot())
  }

  @Test("a great alpha gives the best way")
  func sharp() throws {
    let tokenizer = try model(true)
    var generator = SampleGenerator(seed: 7, stream: 0)
    for sampling in [Sampling.lattice(alpha: 1000), .nBest(8, alpha: 1000)] {
      for text in ["aba ba", "b", "", "abababab aab", "ax xa"] {
        #expect(
          try tokenizer.sampledIDs(of: text, by: sampling, using: &generator)
            == tokenizer.ids(of: text))
      }
    }
  }

  @Test("what is drawn spells the normalised text, and offsets and ids say the same")
  func roundTrip() throws {
    let bytes = try Tokenizer(
      TokenizerConfiguration(sentencePiece: SentencePieceModel(Fixtures.sentencePiece())))
    let marked = try Tokenizer(Fixtures.xlmRoberta())
    var texts = SeededGenerator(state: 3)
    for number in 0..<200 {
      let text = texts.text(upTo: 40) + (number % 2 == 0 ? " the ab\u{301} aab" : "")
      for sampling in [Sampling.lattice(alpha: 0.1), .nBest(16, alpha: 0.1)] {
        for tokenizer in [bytes, marked] {
          var first = SampleGenerator(seed: 1, stream: UInt64(number))
          var second = first
          let ids = try tokenizer.sampledIDs(of: text, by: sampling, using: &first)
          let encoding = try tokenizer.sample(text, by: sampling, using: &second)
          #expect(encoding.ids == ids)
          #expect(first.next() == second.next())
          let ends = encoding.offsets.map(\.upperBound)
          #expect(ends.allSatisfy { $0 <= text.utf8.count })
          if tokenizer === bytes {
            #expect(
              scalars(tokenizer.decode(ids)) == scalars(tokenizer.decode(tokenizer.ids(of: text))))
          }
        }
      }
    }
  }

  @Test("text longer than a window is drawn in parts and loses nothing")
  func long() throws {
    let tokenizer = try model(true)
    var generator = SampleGenerator(seed: 8, stream: 0)
    for text in [
      String(repeating: "ab", count: Unigram.samplingWindow * 5 / 8),
      String(repeating: "ab é ", count: Unigram.samplingWindow / 6),
    ] {
      for sampling in [Sampling.lattice(alpha: 0.5), .nBest(512, alpha: 0.5)] {
        let part = sampling == .lattice(alpha: 0.5) ? text : String(text.prefix(6000))
        let ids = try tokenizer.sampledIDs(of: part, by: sampling, using: &generator)
        let pieces = try tokenizer.sample(part, by: sampling, using: &generator).pieces
        #expect(ids.count > part.utf8.count / 4)
        let marked = "\u{2581}" + part.replacingOccurrences(of: " ", with: "\u{2581}")
        let trimmed = part.hasSuffix(" ") ? String(marked.dropLast()) : marked
        #expect(pieces.joined() == trimmed)
      }
    }
  }

  @Test("numbers out of range and models of another kind are refused")
  func mistakes() throws {
    let tokenizer = try model(true)
    for wrong in [
      Sampling.lattice(alpha: -1), .lattice(alpha: .nan), .lattice(alpha: .infinity),
      .nBest(1, alpha: 1), .nBest(513, alpha: 1), .dropout(0.1),
    ] {
      var generator = SampleGenerator(seed: 1, stream: 1)
      #expect(throws: SubwordError.self) {
        try tokenizer.sample("a", by: wrong, using: &generator)
      }
    }
    #expect(try tokenizer.sampling() == .lattice(alpha: 0.1))
    #expect(try tokenizer.sampling(alpha: 0.5, nBestSize: 10) == .nBest(10, alpha: 0.5))
    let words = try Tokenizer(
      TokenizerConfiguration(model: .wordPiece(try WordPiece(pieces: ["[UNK]", "a"]))))
    #expect { try words.sampling() } throws: { "\($0)".contains("nothing to draw from") }
  }
}
