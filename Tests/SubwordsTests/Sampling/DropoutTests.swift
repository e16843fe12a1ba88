// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Subwords

@Suite("BPE-dropout")
struct DropoutTests {
  private static let pieces = ["<unk>", "a", "b", "c", "ab", "abc", "bc"]

  private func listed() throws -> Tokenizer {
    let merges = [BytePair.Merge(1, 2), .init(4, 3), .init(2, 3)]
    return try Tokenizer(
      TokenizerConfiguration(
        model: .bytePair(
          try BytePair(
            pieces: Self.pieces, merges: merges, settings: .init(unknownPiece: "<unk>")))))
  }

  private func scored() throws -> Tokenizer {
    try Tokenizer(
      TokenizerConfiguration(
        model: .bytePair(
          try BytePair(
            pieces: Self.pieces, scores: [0, -7, -8, -9, -1, -2, -3],
            kinds: [.unknown] + Self.pieces.dropFirst().map { _ in .normal }, unknownID: 0))))
  }

  private func shares(_ tokenizer: Tokenizer, _ dropout: Double) throws -> [[Int32]: Double] {
    var counts: [[Int32]: Double] = [:]
    let draws = 20_000
    for number in 0..<draws {
      var generator = SampleGenerator(seed: 2, stream: UInt64(number))
      let ids = try tokenizer.sampledIDs(of: "abc", by: .dropout(dropout), using: &generator)
      counts[ids, default: 0] += 1 / Double(draws)
    }
    return counts
  }

  @Test("SentencePiece passes over a pair for good")
  func once() throws {
    let found = try shares(scored(), 0.3)
    // a+b first, then ab+c; where a+b is passed over, b+c, and behind that a+bc, which makes “abc” too.
    let exact: [[Int32]: Double] = [
      [5]: 0.7 * 0.7 + 0.3 * 0.7 * 0.7, [4, 3]: 0.7 * 0.3, [1, 6]: 0.3 * 0.7 * 0.3,
      [1, 2, 3]: 0.3 * 0.3,
    ]
    #expect(Set(found.keys) == Set(exact.keys))
    for (way, share) in exact { #expect(abs((found[way] ?? 0) - share) < 0.015) }
  }

  @Test("tokenizers comes back to a pair after the next merge")
  func again() throws {
    let found = try shares(listed(), 0.3)
    // a+b and b+c wait. Where a+b goes, b+c is expired: drawn before ab+c has its turn or not, nothing but
    // passing over ab+c together with what is left ends the word.
    #expect(Set(found.keys) == [[5], [4, 3], [1, 6], [1, 2, 3]])
    #expect(abs((found[[1, 2, 3]] ?? 0) - 0.09) < 0.01)
    #expect(abs((found[[1, 6]] ?? 0) - 0.3 * 0.7) < 0.015)
    // After a+b: ab+c and the expired b+c. Passed over at once 0.3 × 0.3, or the expired one is
    // taken off first (0.3 × 0.7) and then ab+c passed over by itself.
    #expect(abs((found[[4, 3]] ?? 0) - 0.7 * (0.09 + 0.3 * 0.7 * 0.3)) < 0.015)
  }

  @Test("no dropout is the best way, and full dropout leaves characters")
  func ends() throws {
    for tokenizer in [try listed(), try scored()] {
      for text in ["abc", "abcabcab", "", "axbc"] {
        var generator = SampleGenerator(seed: 1, stream: 1)
        #expect(
          try tokenizer.sampledIDs(of: text, by: .dropout(0), using: &generator)
            == tokenizer.ids(of: text))
        let letters = try tokenizer.sampledIDs(of: text, by: .dropout(1), using: &generator)
        #expect(letters == text.utf8.map { $0 == UInt8(ascii: "x") ? 0 : Int32($0) - 96 })
      }
    }
  }

  @Test("long text is drawn in windows and loses nothing")
  func long() throws {
    let text = String(repeating: "abcab", count: BytePair.window / 2)
    for tokenizer in [try listed(), try scored()] {
      var generator = SampleGenerator(seed: 1, stream: 1)
      let encoding = try tokenizer.sample(text, by: .dropout(0.2), using: &generator)
      #expect(encoding.pieces.joined() == text)
      #expect(
        zip(encoding.offsets, encoding.offsets.dropFirst()).allSatisfy {
          $0.upperBound == $1.lowerBound
        })
    }
  }

  @Test("the dropout comes from the caller, alpha or the file, by the kind of model")
  func defaults() throws {
    #expect(try scored().sampling(alpha: 0.25) == .dropout(0.25))
    #expect(try listed().sampling(dropout: 0.5) == .dropout(0.5))
    #expect { try listed().sampling() } throws: { "\($0)".contains("its file names none") }
    #expect(throws: SubwordError.self) { try listed().sampling(alpha: 0.1) }
    #expect(throws: SubwordError.self) { try scored().sampling(dropout: 1.5) }
  }
}
