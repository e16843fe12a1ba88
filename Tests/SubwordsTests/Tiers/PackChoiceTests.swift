// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Subwords

@Suite("Packs in use")
struct PackChoiceTests {
  /// 0 <unk>, 1 <s>, 2 </s>, 3 ▁, 4 a, 5 b | 6 ab, 7 ▁a | 8 aa, 9 é | 10 bb: core, two packs, one of which came twice.
  private let pieces = ["<unk>", "<s>", "</s>", "▁", "a", "b", "ab", "▁a", "aa", "é", "bb"]
  private let scores: [Float] = [0, 0, 0, -3, -4, -4, -2, -2, -2, -5, -2]
  private var tiers: VocabularyTiers {
    VocabularyTiers(
      core: 6,
      packs: [
        .init(name: "one", languages: ["xx"], first: 6, count: 2, version: 1),
        .init(name: "two", languages: ["yy"], first: 8, count: 2, version: 1),
        .init(name: "one", languages: ["xx"], first: 10, count: 1, version: 1),
      ], pieces: pieces)
  }

  private func model() throws -> SentencePieceModel {
    try SentencePieceModel(
      pieces: pieces, scores: scores,
      kinds: [.unknown, .control, .control] + pieces.dropFirst(3).map { _ in .normal },
      normalizer: SentencePieceNormalizer(map: Fixtures.map))
  }

  @Test("only the core and the named packs are found, and ids do not move")
  func choice() throws {
    let listed = try Tokenizer(
      TokenizerConfiguration(
        normalizer: .sentencePiece(SentencePieceNormalizer(map: Fixtures.map)),
        model: .unigram(try Unigram(pieces: pieces, scores: scores.map(Double.init), unknownID: 0)))
    )
    let whole = try Tokenizer(TokenizerConfiguration(sentencePiece: model()))
    for tokenizer in [whole, listed] {
      let expected: [([String], [Int32])] = [
        (["one", "two"], [7, 10, 3, 8, 9]), (["one"], [7, 10, 7, 4, 0]),
        (["two", "core"], [3, 4, 5, 5, 3, 8, 9]), (["core"], [3, 4, 5, 5, 3, 4, 4, 0]),
        ([], [3, 4, 5, 5, 3, 4, 4, 0]),
      ]
      for (names, ids) in expected {
        let chosen = try tokenizer.using(packs: names, of: tiers)
        #expect(chosen.ids(of: "abb aaé") == ids, "\(names)")
        #expect(chosen.vocabularySize == pieces.count)
      }
    }
    // SentencePiece's own way to say it.
    var marked = try model()
    for id in [8, 9] { marked.kinds[id] = .unused }
    let chosen = try whole.using(packs: ["one"], of: tiers)
    #expect(chosen.configuration.sentencePiece == marked)
    #expect(chosen.piece(of: 8) == "aa")
  }

  @Test("an unknown pack is an error that names those there are")
  func unknown() throws {
    let tokenizer = try Tokenizer(TokenizerConfiguration(sentencePiece: model()))
    #expect {
      try tokenizer.using(packs: ["three"], of: tiers)
    } throws: { "\($0)".contains("(one, two), found “three”") }
  }

  @Test("packs of one name are one pack to inspect")
  func packs() {
    #expect(tiers.allPacks == [Pack("one", ids: [6, 7, 10]), Pack("two", ids: [8, 9])])
  }
}
