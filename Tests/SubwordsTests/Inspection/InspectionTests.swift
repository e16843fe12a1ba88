// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Subwords

@Suite("Inspection")
struct InspectionTests {
  private let tokenizer: Tokenizer

  init() throws { tokenizer = try Tokenizer(Fixtures.xlmRoberta()) }

  private func sentences(_ language: String, _ texts: [String]) -> [InspectionSentence] {
    texts.enumerated().map {
      InspectionSentence(language: language, text: $1, key: InspectionSentence.key(line: $0 + 1))
    }
  }

  private func inspect(
    _ sentences: [InspectionSentence], packs: [Pack] = [], pivot: String? = nil,
    tokenizer other: Tokenizer? = nil
  ) throws -> (VocabularyInspection, InspectionTally) {
    let tokenizer = other ?? tokenizer
    var tokens = pivot.map(PivotTokens.init(language:))
    let own = sentences.filter { $0.language == pivot }
    tokens?.add(own, counts: PivotTokens.counts(of: own, tokenizer))
    let inspector = try VocabularyInspector(
      tokenizer, name: "tiny", packs: packs, pivot: tokens, resamples: 100)
    let tally = inspector.measure(sentences)
    return (inspector.inspection(of: tally), tally)
  }

  @Test("sentences, words, tokens and what is unknown are counted")
  func counts() throws {
    // ▁the | ▁ ab | ▁ x→unknown
    let found = try inspect(sentences("aa", ["the ab", "the x the"])).0
    let language = try #require(found.language("aa"))
    #expect(language.sentences == 2 && language.words == 5 && language.scalars == 15)
    #expect(language.tokens == 7 && language.bytes == 15)
    #expect(language.fertility?.value == 7.0 / 5)
    #expect(language.tokensPerCharacter?.value == 7.0 / 15)
    #expect(language.bytesPerToken?.value == 15.0 / 7)
    #expect(language.unknownRate?.value == 1.0 / 7)
    #expect(language.unknownCharacters == 1.0 / 15)
    #expect(language.byteRate?.value == 0)
    // "ab" and "x" take two tokens each.
    #expect(language.wholeWords?.value == 3.0 / 5)
    #expect(language.types == 4 && language.script == "Latn" && language.partsWords)
  }

  @Test("bytes are counted where text falls back to them, and each scalar once")
  func bytes() throws {
    let model = try Tokenizer(
      TokenizerConfiguration(sentencePiece: SentencePieceModel(Fixtures.sentencePiece())))
    let found = try inspect(sentences("aa", ["the Ωж"]), tokenizer: model).0
    let language = try #require(found.language("aa"))
    // ▁the, ▁ and two bytes for each of two letters
    #expect(language.tokens == 6 && language.byteRate?.value == 4.0 / 6)
    #expect(language.byteCharacters == 2.0 / 6)
    #expect(language.unknownRate?.value == 0 && found.pieces.bytes == 256)
    #expect(found.pieces.special == 3)
  }

  @Test("scripts that run words together have no numbers that count words")
  func runningText() throws {
    let found = try inspect(sentences("zh", ["中 中中"]) + sentences("ko", ["한국 사람"])).0
    let chinese = try #require(found.language("zh"))
    #expect(!chinese.partsWords && chinese.fertility == nil && chinese.wholeWords == nil)
    #expect(chinese.tokensPerCharacter != nil && chinese.script == "Hani")
    #expect(found.language("ko")?.partsWords == true)
  }

  @Test("parity compares the sentences that both languages have, and no others")
  func parity() throws {
    let pivot = sentences("en", ["the", "the ab", "a"])
    let other = sentences("xx", ["ab ab", "the the the"])  // 2·2 and 3 tokens
    let found = try inspect(pivot + other, pivot: "en").0
    #expect(found.language("en")?.parity?.value == 1)
    let parity = try #require(found.language("xx")?.parity)
    // The pivot has 1 and 3 tokens in its first two sentences.
    #expect(parity.value == 7.0 / 4 && found.language("xx")?.pairs == 2)
    // Two sentences are too few for an interval.
    #expect(parity.low == nil)
    let more = try inspect(
      sentences("en", Array(repeating: "the", count: 30))
        + sentences("xx", Array(repeating: "ab", count: 30)), pivot: "en"
    ).0
    #expect(more.language("xx")?.parity == Estimate(2, low: 2, high: 2))
    #expect(try inspect(pivot + other).0.language("xx")?.parity == nil)
  }

  @Test(
    "a tally does not depend on how the sentences are cut into blocks or in which order they come")
  func order() throws {
    let all = sentences("en", ["the", "ab a", "é"]) + sentences("xx", ["中", "x x", "b"])
    let inspector = try VocabularyInspector(tokenizer, name: "tiny", resamples: 50)
    let whole = inspector.measure(all)
    var pieces = InspectionTally()
    for sentence in all.reversed() { pieces.add(inspector.measure([sentence])) }
    #expect(pieces == whole)
    #expect(inspector.inspection(of: pieces) == inspector.inspection(of: whole))
    let other = try VocabularyInspector(tokenizer, name: "tiny", resamples: 50, seed: 9)
    #expect(other.measure(all) != whole)
  }

  @Test("an interval covers the truth about as often as it says")
  func coverage() throws {
    // Sentences of 1 to 4 words of one or two tokens; the truth is known from many of them.
    var generator = SeededGenerator(state: 7)
    func draw(_ count: Int) -> [InspectionSentence] {
      (0..<count).map { index in
        let words = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
          Bool.random(using: &generator) ? "the" : "ab"
        }
        return InspectionSentence(
          language: "aa", text: words.joined(separator: " "), key: generator.next())
      }
    }
    var covered = 0
    for _ in 0..<60 {
      let fertility = try inspect(draw(80)).0.language("aa")?.fertility
      let estimate = try #require(fertility)
      if let low = estimate.low, let high = estimate.high, low <= 1.5, high >= 1.5 { covered += 1 }
    }
    #expect(covered >= 52 && covered < 60)
  }

  @Test("one sentence has no interval to speak of, and no language no numbers")
  func littleText() throws {
    #expect(try inspect([]).0.languages.isEmpty)
    let found = try inspect(sentences("aa", ["the"])).0
    #expect(found.language("aa")?.fertility?.low == nil)
    #expect(found.overlap.languages == ["aa"] && found.overlap.jaccard == [[1]])
  }

  @Test("what languages share is in the matrix, and what one alone uses is named")
  func sharing() throws {
    // aa: ▁the ×2, ▁, ab; bb: ▁the, ▁, é
    let found = try inspect(
      sentences("bb", ["the é"]) + sentences("aa", ["the the ab"]) + sentences("zz", ["中"])
    ).0
    #expect(found.overlap.languages == ["zz", "aa", "bb"])  // Hani, then Latn
    #expect(found.overlap.jaccard[1][2] == 0.5)  // ▁the and ▁ of ▁the, ▁, ab, é
    let (p, q) = ([0.5, 0.25, 0.25, 0], [1.0 / 3, 1.0 / 3, 0, 1.0 / 3])
    let divergence = zip(p, q).reduce(0.0) { sum, pair in
      let middle = (pair.0 + pair.1) / 2
      return sum + [pair.0, pair.1].filter { $0 > 0 }.reduce(0) { $0 + $1 * log2($1 / middle) / 2 }
    }
    #expect(abs(found.overlap.distribution[1][2] - (1 - divergence)) < 1e-4)
    let cosine = (0.5 / 3 + 0.25 / 3) / ((0.375).squareRoot() * (1.0 / 3).squareRoot())
    #expect(abs(found.overlap.cosine[2][1] - cosine) < 1e-4)
    #expect(found.language("aa")?.ownPieces == [PieceUse(id: 7, piece: "ab", count: 1)])
    #expect(found.language("aa")?.ownTokens == 0.25)
    #expect(found.overlap.nearest(to: "aa", count: 1).map(\.language) == ["bb"])
  }

  @Test("pieces are counted by script and length, special ones apart")
  func census() throws {
    let census = try inspect(sentences("aa", ["the 中"])).0.pieces
    #expect(census.text == 13 && census.special == 5 && census.bytes == 0)
    #expect(census.unused == 13 - 3)
    // ▁ has no letters.
    #expect(census.scripts.map(\.script) == ["Latn", "Hani", "Zyyy"])
    #expect(census.scripts.map(\.pieces) == [11, 1, 1])
    #expect(census.scripts.map(\.tokens) == [1, 1, 1])
    #expect(census.lengths.map(\.length) == [0, 1, 2, 3])
    #expect(census.lengths.map(\.pieces) == [1, 8, 2, 2])
  }

  @Test("every piece has its count and the number of languages that use it, dead ones too")
  func records() throws {
    let inspector = try VocabularyInspector(tokenizer, name: "tiny", resamples: 0)
    let texts = sentences("aa", ["the 中", "the x"]) + sentences("bb", ["the"])
    let records = inspector.pieces(of: inspector.measure(texts))
    #expect(records.map(\.id) == (0..<18).map { Int32($0) })
    #expect(
      records[12]
        == PieceRecord(
          id: 12, piece: "\u{2581}the", kind: "text", script: "Latn", count: 3, languages: 2))
    #expect(records[3].kind == "unknown" && records[3].count == 1)
    #expect(records[17].kind == "special" && records[9].count == 0 && records[9].languages == 0)
    #expect(records[11].script == "Hani")
  }

  @Test("a pack is worth the tokens that its pieces save")
  func packs() throws {
    let texts = sentences("aa", ["the the", "ab"]) + sentences("bb", ["é"])
    let packs = [Pack("words", ids: [12]), Pack("pairs", ids: 7..<8), Pack("none", ids: [9])]
    let found = try inspect(texts, packs: packs).0
    // Without ▁the: ▁ the, twice. Without ab: ▁a b for ▁ ab, as long.
    let expected = [("words", 2, 2), ("pairs", 1, 0)]
    #expect(found.packs.map(\.pack) == expected.map(\.0))
    #expect(found.packs.map(\.tokens) == expected.map(\.1))
    #expect(found.packs.map(\.saved) == expected.map(\.2))
    #expect(found.packs.allSatisfy { $0.language == "aa" && $0.sentences == 1 })
    #expect(found.packs.first?.share == 2.0 / 6)
    #expect(found.packs.allSatisfy { $0.spared == 0 })
    // Without é, text is lost: it is no longer, but unknown.
    let lost = try inspect(texts, packs: [Pack("é", ids: [10])]).0.packs
    #expect(lost.map(\.saved) == [0] && lost.map(\.spared) == [1])
    #expect(throws: SubwordError.self) { try inspect(texts, packs: [Pack("x", ids: [99])]) }
    #expect(throws: SubwordError.self) { try inspect(texts, packs: [Pack("x", ids: [3])]) }
  }

  @Test("what is taken out is never found again, in any model, and the rest stays")
  func without() throws {
    let rest = try tokenizer.without([12])
    #expect(rest.ids(of: "the ab", addsSpecialTokens: false) == [4, 13, 4, 7])
    #expect(rest.vocabularySize == tokenizer.vocabularySize && rest.piece(of: 7) == "ab")
    let merges = [BytePair.Merge(1, 2), BytePair.Merge(4, 3)]
    let pair = try Tokenizer(
      TokenizerConfiguration(
        model: .bytePair(
          try BytePair(
            pieces: ["?", "a", "b", "c", "ab", "abc"], merges: merges,
            settings: .init(unknownPiece: "?")))))
    #expect(pair.ids(of: "abc") == [5])
    #expect(try pair.without([5]).ids(of: "abc") == [4, 3])
    #expect(try pair.without([4]).ids(of: "abc") == [1, 2, 3])
    let word = try Tokenizer(
      TokenizerConfiguration(
        model: .wordPiece(try WordPiece(pieces: ["[UNK]", "ab", "a", "##b"]))))
    #expect(word.ids(of: "ab") == [1])
    #expect(try word.without([1]).ids(of: "ab") == [2, 3])
  }

  @Test("a pack of merges counts though only what is merged from it is used")
  func mergedPacks() throws {
    let pair = try Tokenizer(
      TokenizerConfiguration(
        model: .bytePair(
          try BytePair(
            pieces: ["?", "a", "b", "c", "ab", "abc"],
            merges: [BytePair.Merge(1, 2), BytePair.Merge(4, 3)],
            settings: .init(unknownPiece: "?")))))
    let found = try inspect(
      sentences("aa", ["abc"]), packs: [Pack("pair", ids: [4])], tokenizer: pair
    ).0
    #expect(found.packs.map(\.saved) == [2] && found.packs.map(\.tokens) == [0])
  }

  @Test("a vocabulary compared with itself does not change, and a shorter one is shorter")
  func comparison() throws {
    let texts = sentences("aa", ["the ab", "the", "ab a the", "the the"])
    let first = try inspect(texts)
    let same = VocabularyComparison(first, try inspect(texts)).changes
    #expect(same.first?.tokens == Estimate(1, low: 1, high: 1))
    #expect(same.first?.fertility?.value == 0)
    let longer = try inspect(texts, tokenizer: tokenizer.without([12]))
    let change = try #require(VocabularyComparison(first, longer).changes.first)
    #expect(change.tokens?.value == 15.0 / 10 && (change.tokens?.low ?? 0) > 1)
  }

  @Test("entropies are those of the counts, and evenness is one")
  func entropy() throws {
    #expect(PieceEntropy([]) == nil)
    let even = try #require(PieceEntropy([3, 3, 3, 3]))
    #expect(abs(even.shannon - 2) < 1e-12 && abs(even.renyi - 2) < 1e-12)
    #expect(abs((even.renyiEfficiency ?? 0) - 1) < 1e-12)
    #expect(PieceEntropy([5])?.renyiEfficiency == nil)
    // Of shares 3/7, 2/7, 1/7 and 1/7, computed by hand.
    let uneven = try #require(PieceEntropy([1, 2, 3, 1]))
    #expect(abs(uneven.renyi - 1.653_060) < 1e-4)
    #expect(abs(uneven.shannon - 1.842_371) < 1e-4)
  }
}
