// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Subwords

@Suite("Byte-pair training")
struct BytePairTrainerTests {
  @Test("merges are those of counting all pairs anew each time", arguments: 0..<24)
  func reference(_ seed: Int) throws {
    var random = SeededGenerator(state: UInt64(seed))
    let scripts = ["ab", "abcd", "aéβжא", "天地人山", "กขค\u{E34}", "#ab", "🙂xy"]
    let letters = Array(scripts[seed % scripts.count].unicodeScalars)
    let words = (0..<(seed < 4 ? 2000 : 200)).map { _ in
      let scalars = (0..<Int.random(in: 0...9, using: &random)).map { _ in
        letters[Int.random(in: 0..<letters.count, using: &random)]
      }
      return (Self.string(scalars), Int64.random(in: 0...3, using: &random))
    }
    let affixes: [(String?, String?)] = [(nil, nil), ("##", nil), (nil, "</w>"), ("@", "$")]
    let (prefix, suffix) = affixes[seed / 2 % 4]
    let settings = BytePairTrainer.Settings(
      vocabularySize: 120, maximumPieceLength: seed % 3 == 0 ? 4 : 16,
      minimumPairCount: Int64(1 + seed % 2), continuingPrefix: prefix, endOfWordSuffix: suffix)
    // In some runs a letter is missing from the alphabet, and no merge may cross it.
    let alphabet = seed % 5 == 0 ? Array(letters.dropLast()) : letters
    let table = Self.table(words)
    let result = try BytePairTrainer(settings).train(table, alphabet: alphabet)
    let expected = ReferenceBytePairTraining(table, alphabet, settings).merges()
    #expect(result.merges.count == expected.count)
    for (merge, wanted) in zip(result.merges, expected) {
      let (left, right) = (result.pieces[Int(merge.left)], result.pieces[Int(merge.right)])
      #expect(Array(left.utf8) == wanted.left)
      #expect(Array(right.utf8) == wanted.right)
      #expect(merge.count == wanted.count)
    }
  }

  @Test("a pair that overlaps itself is joined from the left")
  func overlap() throws {
    let table = Self.table([("aaaaa", 3), ("aab", 1)])
    let result = try BytePairTrainer(.init(vocabularySize: 9)).train(table, alphabet: ["a", "b"])
    #expect(result.pieces == ["a", "b", "aa", "aaa", "aaaaa"])
    #expect(result.counts == [17, 1, 13, 3, 3])
    #expect(result.missingCount == 4)
  }

  @Test("of equal counts the smaller bytes go first")
  func ties() throws {
    let table = Self.table([("zy", 2), ("ab", 2), ("ac", 2)])
    let result = try BytePairTrainer(.init(vocabularySize: 8))
      .train(table, alphabet: ["z", "y", "a", "b", "c"])
    #expect(result.pieces.suffix(3) == ["ab", "ac", "zy"])
    #expect(result.sentencePieces.map(\.piece) == ["ab", "ac", "zy", "a", "b", "c", "y", "z"])
    #expect(result.sentencePieces.map(\.score) == [0, -1, -2, -3, -4, -5, -6, -7])
    #expect(result.merges(firstID: 3).first == BytePair.Merge(5, 6))
  }

  @Test("an alphabet larger than the vocabulary, or senseless settings, are refused")
  func refused() {
    let table = Self.table([("ab", 2)])
    for size in [0, 1] {
      #expect(throws: SubwordError.self) {
        try BytePairTrainer(.init(vocabularySize: size)).train(table, alphabet: ["a", "b"])
      }
    }
    #expect(throws: SubwordError.self) {
      try BytePairTrainer(.init(vocabularySize: 9))
        .train(Self.table([("ab", -1)]), alphabet: ["a"])
    }
  }

  @Test("an empty table gives the alphabet")
  func empty() throws {
    let result = try BytePairTrainer(.init(vocabularySize: 9)).train(
      WordTable(), alphabet: ["a", "a"])
    #expect(result.pieces == ["a"])
    #expect(result.missingCount == 8)
  }

  @Test("WordPiece lists special tokens, letters, letters inside words, then what was learned")
  func wordPiece() throws {
    let table = Self.table([("unable", 4), ("able", 3), ("un", 2)])
    let trainer = WordPieceTrainer(.init(vocabularySize: 18, specialTokens: ["[UNK]"]))
    let result = try trainer.train(table, alphabet: Array("unable".unicodeScalars))
    #expect(
      result.pieces.prefix(12) == [
        "[UNK]", "a", "b", "e", "l", "n", "u", "##a", "##b", "##e", "##l", "##n",
      ])
    #expect(result.pieces.dropFirst(12).first == "##bl")
    let model = try WordPiece(pieces: result.pieces)
    #expect(model.vocabulary.id(of: "##ble") != nil)
  }

  @Test("characters and words come by falling count with the logarithm of their share")
  func plain() throws {
    let table = Self.table([("ab", 3), ("b", 1), ("c", 9)])
    let trainer = PlainPieceTrainer(vocabularySize: 2)
    #expect(trainer.characters(table, alphabet: ["a", "b"]).map(\.piece) == ["b", "a"])
    let words = trainer.words(table, alphabet: ["a", "b"])
    #expect(words.map(\.piece) == ["ab", "b"])
    #expect(abs((words.last?.score ?? 0) + 1.386_294_361) < 1e-8)
  }

  private static func string(_ scalars: [Unicode.Scalar]) -> [UInt8] {
    scalars.flatMap { Array(String($0).utf8) }
  }

  private static func table(_ words: [(String, Int64)]) -> WordTable {
    table(words.map { (Array($0.0.utf8), $0.1) })
  }

  private static func table(_ words: [([UInt8], Int64)]) -> WordTable {
    var sums: [[UInt8]: Int64] = [:]
    for (word, count) in words { sums[word, default: 0] += count }
    return WordTable(
      sorted: sums.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        .map { (word: $0.key, count: $0.value) })
  }
}
