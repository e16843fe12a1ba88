// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Testing
import Transfer
import WordVectors

/// Each initialisation against what its paper's formula gives by hand.
@Suite struct EmbeddingInitializationTests {
  /// Ids: 0–3 special, 4 "▁", 5 "▁sun", 6 "▁ice", 7 "sun", 8 "s", 9 "u", 10 "n", 11 "<mask>".
  private let old: Tokenizer
  /// Ids: 0–3 special, 4 "▁sun", 5 "▁suns", 6 "nus", 7 "▁", 8 "ж", 9 "▁ж", 10 "<mask>".
  private let new: Tokenizer
  private let change: VocabularyChange

  init() throws {
    old = try TinyVocabulary.unigram(["▁", "▁sun", "▁ice", "sun", "s", "u", "n"])
    new = try TinyVocabulary.unigram(["▁sun", "▁suns", "nus", "▁", "ж", "▁ж"])
    change = try VocabularyChange(replacing: old, rows: 12, by: new)
  }

  private func mixtures(_ initialization: some EmbeddingInitialization) throws -> [Int: RowMixture]
  {
    Dictionary(
      uniqueKeysWithValues: zip(
        change.added, try initialization.mixtures(for: change, progress: { _ in })))
  }

  private func expect(
    _ found: RowMixture?, _ expected: [Int: Double], _ place: SourceLocation = #_sourceLocation
  ) {
    guard case .mixed(let shares) = found else {
      Issue.record("expected a mixture, found \(String(describing: found))", sourceLocation: place)
      return
    }
    #expect(Set(shares.map(\.id)) == Set(expected.keys), sourceLocation: place)
    for share in shares {
      #expect(abs(share.weight - (expected[share.id] ?? 9)) < 1e-6, sourceLocation: place)
    }
  }

  @Test("special tokens keep their rows whatever the initialisation, the mask where it is now")
  func special() {
    #expect(change.kept == [0, 1, 2, 3, nil, nil, nil, nil, nil, nil, 11])
    #expect(change.added == Array(4...9))
  }

  @Test("overlap copies what both have, by text and place in the word, and draws the rest")
  func overlap() throws {
    #expect(
      try mixtures(CopiedOverlap()) == [
        4: .copied(5), 5: .drawn, 6: .drawn, 7: .copied(4), 8: .drawn, 9: .drawn,
      ])
  }

  @Test("mean cuts a piece as in running text; what is unknown, with or without a space, is drawn")
  func mean() throws {
    let found = try mixtures(MeanOfPieces())
    #expect(found[4] == .copied(5) && found[7] == .copied(4))
    expect(found[5], [5: 0.5, 8: 0.5])  // ▁suns: ▁sun s
    expect(found[6], [10: 1 / 3.0, 9: 1 / 3.0, 8: 1 / 3.0])  // nus inside a word: no ▁
    #expect(found[8] == .drawn && found[9] == .drawn)
  }

  @Test("focus weighs pieces in common by sparsemax of their cosines")
  func focus() throws {
    let vectors: [Int: [Float]] = [4: [2, 0], 7: [0.6, 0.8], 5: [3, 0], 6: [0, 0.5]]
    let found = try FocusInitialization.mixtures(
      for: change, engine: PlainMatrixEngine(), progress: { _ in }, vector: { vectors[$0] })
    let ways = Dictionary(uniqueKeysWithValues: zip(change.added, found))
    #expect(ways[4] == .copied(5) && ways[7] == .copied(4))
    // ▁suns: cosines 1 and 0.6, threshold (1.6 - 1) / 2 = 0.3.
    expect(ways[5], [5: 0.7, 4: 0.3])
    // nus: cosines 0 and 0.8, threshold (0.8 - 1) / 2 = -0.1.
    expect(ways[6], [5: 0.1, 4: 0.9])
    #expect(ways[8] == .drawn)
  }

  @Test("a share that sparsemax leaves at nothing is not there")
  func sparse() throws {
    let vectors: [Int: [Float]] = [4: [1, 0], 7: [-1, 0], 5: [1, 0]]
    let found = try FocusInitialization.mixtures(
      for: change, engine: PlainMatrixEngine(), progress: { _ in }, vector: { vectors[$0] })
    #expect(found[1] == .mixed([RowMixture.Share(5, 1)]))
  }

  @Test("focus learns its vectors of the text, the same for a seed and any number of threads")
  func focusLearns() throws {
    func ways(_ threads: Int, _ seed: UInt64) throws -> [RowMixture] {
      var focus = FocusInitialization(engine: PlainMatrixEngine()) { body in
        for _ in 0..<20 { try body("sun suns sun nus жж sun suns") }
      }
      (focus.dimension, focus.leastCount, focus.seed, focus.threads) = (8, 2, seed, threads)
      return try focus.mixtures(for: change, progress: { _ in })
    }
    let found = try ways(1, 1)
    let (same, other) = (try ways(2, 1), try ways(1, 2))
    #expect(found == same && found != other)
    #expect(found[0] == .copied(5))
    guard case .mixed(let shares) = found[1] else {
      Issue.record("expected a mixture, found \(found[1])")
      return
    }
    #expect(abs(shares.reduce(0) { $0 + $1.weight } - 1) < 1e-6)
  }

  private static func table(_ words: [String], _ vectors: [[Float]]) throws -> StaticWords {
    .table(try VectorTable(words: WordList(words), vectors: VectorMatrix(vectors)))
  }

  private func wechsel(
    _ new: StaticWords, dictionary: [(String, String)]?, neighbors: Int = 10
  ) throws -> [Int: RowMixture] {
    var wechsel = try WechselInitialization(
      new: new, old: Self.table(["sun", "ice"], [[1, 0], [0, 1]]),
      dictionary: dictionary.map { WordPairs($0.map { WordPairs.Pair($0.0, $0.1) }) },
      engine: PlainMatrixEngine())
    wechsel.neighbors = neighbors
    return try mixtures(wechsel)
  }

  @Test("wechsel takes the softmax of cosines over 0.1, of the spaces as they are")
  func wechselInOneSpace() throws {
    // ▁suns stands in the first word, nus in neither, ▁ж in the second.
    let found = try wechsel(Self.table(["suns", "ж"], [[0.8, 0.6], [0, 2]]), dictionary: nil)
    let weight = 1 / (1 + exp(-(0.8 - 0.6) / 0.1))
    expect(found[5], [5: weight, 6: 1 - weight])
    expect(found[9], [5: 1 / (1 + exp(10.0)), 6: 1 / (1 + exp(-10.0))])
    #expect(found[6] == .drawn)
    // Pieces in common do not keep their rows, special tokens do.
    #expect(found[4] == .drawn && change.kept[0] == 0)
  }

  @Test("a piece of several words is their mean, by rank")
  func wechselByRank() throws {
    // "жж" is ▁ж ж, "жnus" is ▁ж nus: ▁ж is 1/1 of the first and 1/2 of the second.
    let found = try wechsel(Self.table(["жж", "жnus"], [[1, 0], [0, 1]]), dictionary: nil)
    let cosines = (1 / 1.25.squareRoot(), 0.5 / 1.25.squareRoot())
    let weight = 1 / (1 + exp(-(cosines.0 - cosines.1) / 0.1))
    expect(found[9], [5: weight, 6: 1 - weight])
    expect(found[8], [5: 1 / (1 + exp(-10.0)), 6: 1 / (1 + exp(10.0))])
  }

  @Test("a dictionary turns the new space to the old one, and k nearest are taken")
  func wechselByDictionary() throws {
    // The new space is the old one turned by a right angle.
    let words = try Self.table(["suns", "ж"], [[0, 1], [-1, 0]])
    // Case is passed over.
    let pairs = [("Suns", "SUN"), ("ж", "ice"), ("none", "sun")]
    let found = try wechsel(words, dictionary: pairs, neighbors: 1)
    expect(found[5], [5: 1])
    expect(found[9], [6: 1])
  }

  @Test("what does not fit is refused with a sentence")
  func mistakes() throws {
    let wide = try Self.table(["sun"], [[1, 0, 0]])
    let narrow = try Self.table(["sun"], [[1, 0]])
    let width = #expect(throws: RecipeError.self) {
      try WechselInitialization(
        new: wide, old: narrow, dictionary: nil, engine: PlainMatrixEngine())
    }
    #expect(width?.message.contains("3 numbers for the new language and 2") == true)
    let pairs = #expect(throws: RecipeError.self) {
      try wechsel(narrow, dictionary: [("zon", "sun")])
    }
    #expect(pairs?.message.contains("found none of 1") == true)
    let other = try VocabularyChange(
      replacing: old, rows: 12, by: TinyVocabulary.unigram(["▁ж", "ж"]))
    let words = #expect(throws: RecipeError.self) {
      try WechselInitialization(
        new: Self.table(["☃"], [[1, 0]]), old: narrow, dictionary: nil, engine: PlainMatrixEngine()
      ).mixtures(for: other, progress: { _ in })
    }
    #expect(words?.message.contains("found none for the new pieces") == true)
    let overlap = #expect(throws: RecipeError.self) {
      try CopiedOverlap().mixtures(for: other, progress: { _ in })
    }
    #expect(overlap?.message.contains("pieces that both vocabularies have, found none") == true)
    let common = #expect(throws: RecipeError.self) {
      try FocusInitialization.mixtures(
        for: other, engine: PlainMatrixEngine(), progress: { _ in }, vector: { _ in [1, 0] })
    }
    #expect(common?.message.contains("both vocabularies have") == true)
  }

  @Test("pieces of WordPiece and of unigram are the same where text and place in the word are")
  func kinds() throws {
    let other = try TinyVocabulary.wordPiece(["sun", "##sun", "##s", "##un", "snu"])
    let change = try VocabularyChange(replacing: old, rows: 12, by: other)
    // [PAD] [UNK] [CLS] [SEP] [MASK]
    #expect(Array(change.kept.prefix(5)) == [1, 3, 0, 2, 11])
    #expect(Array(change.same.suffix(5)) == [5, 7, 8, nil, nil])
    let found = try MeanOfPieces().mixtures(for: change, progress: { _ in })
    expect(found[3], [9: 0.5, 10: 0.5])  // ##un: u n
    expect(found[4], [4: 0.25, 8: 0.25, 10: 0.25, 9: 0.25])  // snu: ▁ s n u
    // And the other way: the old is WordPiece.
    let back = try VocabularyChange(replacing: other, rows: 10, by: old)
    let means = try MeanOfPieces().mixtures(for: back, progress: { _ in })
    let ways = Dictionary(uniqueKeysWithValues: zip(back.added, means))
    #expect(ways[5] == .copied(5) && ways[7] == .copied(6))
    #expect(ways[6] == .drawn)  // ▁ice is unknown there
  }
}
