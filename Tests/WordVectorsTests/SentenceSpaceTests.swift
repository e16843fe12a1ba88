// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import WordVectors

@Suite struct SentenceSpaceTests {
  private static func language(
    _ name: String, _ words: [(String, [Float], Int)], subwords: SubwordTable? = nil,
    component: [Float]? = nil
  ) throws -> SentenceLanguage {
    try SentenceLanguage(
      name: name,
      words: VectorTable(
        words: WordList(words.map(\.0)), vectors: VectorMatrix(words.map(\.1))),
      counts: words.map(\.2), subwords: subwords, component: component)
  }

  private static func space(smoothing: Double = 0.1) throws -> SentenceSpace {
    try SentenceSpace(
      [
        language("en", [("the", [1, 0], 90), ("cat", [0, 1], 10), ("gift", [2, 2], 0)]),
        language("de", [("die", [1, 0], 80), ("katze", [0, 1], 20), ("gift", [-1, 0], 0)]),
      ], smoothing: smoothing)
  }

  private func numbers(_ words: String, _ space: SentenceSpace) -> [Int32] {
    var numbers: [Int32] = []
    for word in words.split(separator: " ") {
      Array(word.utf8).withUnsafeBufferPointer { space.append($0, to: &numbers) }
    }
    return numbers
  }

  @Test("a sentence is the mean of its words, each weighing a / (a + p)")
  func weighs() throws {
    let space = try Self.space()
    let (vector, covered) = space.mean(numbers("the cat zebra", space), language: 0)
    #expect(covered == 2)
    #expect(abs(vector[0] - Float(0.1 / 1.0 / 2)) < 1e-6)
    #expect(abs(vector[1] - Float(0.1 / 0.2 / 2)) < 1e-6)
  }

  @Test("the same mean as the golden weighting's")
  func agreesWithWeighting() throws {
    let space = try Self.space()
    let table = space.languages[0].words
    let weighting = SentenceWeighting(
      table, counts: [("the", 90), ("cat", 10)], total: 100, smoothing: 0.1)
    let expected = weighting.vector(of: ["cat", "the", "cat"]).vector
    let found = space.mean(numbers("cat the cat", space), language: 0).vector
    for (left, right) in zip(found, expected) { #expect(abs(Double(left) - right) < 1e-6) }
  }

  @Test("a number stands for its word in every language, with that language's vector")
  func translatesNumbers() throws {
    let space = try Self.space()
    let gift = numbers("gift", space)
    #expect(space.mean(gift, language: 0).vector == [2, 2])
    #expect(space.mean(gift, language: 1).vector == [-1, 0])
  }

  @Test("a word that only another language has is borrowed from it")
  func borrows() throws {
    let space = try Self.space()
    let (vector, covered) = space.mean(numbers("cat", space), language: 1)
    #expect(covered == 1 && vector[1] > 0)
  }

  @Test("the language is the one whose counts make the words likeliest, the first of equals")
  func tellsLanguage() throws {
    let space = try Self.space()
    #expect(space.language(of: numbers("die katze", space)) == 1)
    #expect(space.language(of: numbers("the katze the", space)) == 0)
    #expect(space.language(of: numbers("gift", space)) == 0)
    #expect(space.language(of: numbers("zebra", space)) == nil)
  }

  @Test("a sentence has length one and nothing of the common component; one without words is zero")
  func removes() throws {
    let space = try SentenceSpace([
      Self.language("en", [("the", [3, 1], 1), ("cat", [1, 2], 1)], component: [1, 0])
    ])
    let vector = space.vector(numbers("the cat", space), language: 0)
    #expect(abs(vector[0]) < 1e-6 && abs(vector[1] - 1) < 1e-6)
    #expect(space.vector(numbers("zebra", space), language: 0) == [0, 0])
  }

  @Test("languages of other dimensions, twice, and not at all are refused")
  func refuses() throws {
    let one = try Self.language("en", [("a", [1, 0], 1)])
    let other = try Self.language("de", [("a", [1, 0, 0], 1)])
    #expect(throws: WordVectorError.self) { try SentenceSpace([one, other]) }
    #expect(throws: WordVectorError.self) { try SentenceSpace([one, one]) }
    #expect(throws: WordVectorError.self) { try SentenceSpace([]) }
    #expect(throws: WordVectorError.self) {
      try SentenceLanguage(name: "en", words: one.words, counts: [])
    }
  }

  // MARK: N-grams

  private static func models() throws -> EmbeddingSpace {
    let sentences = EmbeddingWorld.sentences(60)
    let text = try EmbeddingWorld.text(sentences, language: "aa")
    try EmbeddingWorld.add(
      sentences.map { $0.map { "x" + $0 } }, to: text, language: "bb")
    return try EmbeddingWorld.trainer().train(text)
  }

  @Test("an unknown word's vector is the mean of the n-grams that training filled")
  func subwords() throws {
    let trained = try Self.models()
    let model = trained.model(of: 0)
    let (table, counts) = model.countedWords()
    #expect(table.words.index(of: WordDictionary.endOfLine) == nil)
    let subwords = try #require(try model.subwordTable())
    let space = try SentenceSpace([
      SentenceLanguage(name: "aa", words: table, counts: counts, subwords: subwords)
    ])
    let word = "hammers"
    let numbers = numbers(word, space)
    #expect(numbers.first == space.unknown && numbers.count > 1)
    let (vector, covered) = space.mean(numbers, language: 0)
    #expect(covered == 1)
    let used = Set(subwords.buckets)
    var sum = [Float](repeating: 0, count: table.dimension)
    var count: Float = 0
    let first = model.dictionary.wordCount
    for part in model.subwords(of: word) where used.contains(Int32(part.row - first)) {
      let row = try #require(subwords.vector(ofBucket: Int32(part.row - first)))
      for column in sum.indices { sum[column] += row[column] }
      count += 1
    }
    for column in sum.indices { #expect(abs(vector[column] - sum[column] / count) < 1e-5) }
  }

  @Test("n-grams of one training are one table; of two, they are not")
  func union() throws {
    let trained = try Self.models()
    let tables = try (0..<2).map { try #require(try trained.model(of: $0).subwordTable()) }
    let both = try #require(SubwordTable.union(tables))
    #expect(Set(both.buckets) == Set(tables.flatMap(\.buckets)))
    let again = try SubwordTable(both.table, both.shape, name: "test")
    #expect(again.buckets == both.buckets)
    var trainer = EmbeddingWorld.trainer()
    trainer.seed = 9
    let other = try trainer.train(
      EmbeddingWorld.text(EmbeddingWorld.sentences(60), language: "aa"))
    let stranger = try #require(try other.model(of: 0).subwordTable())
    #expect(SubwordTable.union([tables[0], stranger]) == nil)
  }

  @Test("ranks give MRR and P@k")
  func ranks() {
    let ranks = RetrievalRanks([1, 2, 4])
    #expect(abs(ranks.meanReciprocalRank - 1.75 / 3) < 1e-12)
    #expect(ranks.hits(at: 2) == [true, true, false])
    #expect(abs(ranks.precision(at: 1) - 1.0 / 3) < 1e-12)
  }
}
