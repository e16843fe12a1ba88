// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import WordVectors

@Suite struct BilingualTests {
  private static let words = EmbeddingWorld.topics.flatMap(\.self)

  /// The share of words whose translation is the nearest of the other language.
  private func accuracy(_ space: EmbeddingSpace) -> Double {
    let (source, target) = (space.model(of: 0), space.model(of: 1))
    let right = Self.words.count { word in
      let vector = source.vector(ofWord: word)
      let best = Self.words.max {
        EmbeddingWorld.cosine(vector, target.vector(ofWord: EmbeddingWorld.translated($0)))
          < EmbeddingWorld.cosine(vector, target.vector(ofWord: EmbeddingWorld.translated($1)))
      }
      return best == word
    }
    return Double(right) / Double(Self.words.count)
  }

  private func trainer() -> EmbeddingTrainer {
    var trainer = EmbeddingWorld.trainer()
    trainer.arguments.maximumCharacters = 0
    trainer.arguments.minimumCharacters = 0
    trainer.arguments.windowSize = 1
    trainer.arguments.epochs = 16
    trainer.learningRate = 0.2
    return trainer
  }

  private func pairs(links: Bool, reversed: Bool = false) throws -> TrainingText {
    let text = TrainingText()
    let (first, second) = (text.language(named: "a"), text.language(named: "b"))
    var generator = SplitMix(seed: 9)
    for _ in 0..<600 {
      // Words stand in a ring, so that each has neighbours of its own.
      let start = generator.index(below: Self.words.count)
      let sentence = (0..<6).map { Self.words[(start + $0) % Self.words.count] }
      let other = sentence.map(EmbeddingWorld.translated)
      try text.appendPair(
        sentence.joined(separator: " "), language: first,
        (reversed ? other.reversed() : other).joined(separator: " "), language: second,
        links: links ? sentence.indices.map { ($0, sentence.count - 1 - $0) } : nil)
    }
    return text
  }

  @Test("lines that say the same in the same order bring translations together by the diagonal")
  func diagonal() throws {
    let space = try trainer().train(pairs(links: false))
    #expect(space.languages == ["a", "b"])
    #expect(accuracy(space) > 0.9)
  }

  @Test("links bring them together whatever the order is")
  func links() throws {
    #expect(try accuracy(trainer().train(pairs(links: true, reversed: true))) > 0.9)
    // Without them the wrong words are tied.
    #expect(try accuracy(trainer().train(pairs(links: false, reversed: true))) < 0.6)
  }

  @Test("CBOW and the deterministic mode do it too")
  func others() throws {
    var trainer = trainer()
    trainer.isDeterministic = true
    trainer.threads = 2
    #expect(try accuracy(trainer.train(pairs(links: false))) > 0.9)
    trainer.arguments.task = .cbow
    #expect(try accuracy(trainer.train(pairs(links: false))) > 0.6)
  }

  @Test("uniform alignment brings words of the same lines together")
  func uniform() throws {
    var trainer = trainer()
    trainer.alignment = .uniform
    let space = try trainer.train(pairs(links: false, reversed: true))
    let (source, target) = (space.model(of: 0), space.model(of: 1))
    let vector = source.vector(ofWord: "hammer")
    let near = EmbeddingWorld.cosine(
      vector, target.vector(ofWord: EmbeddingWorld.translated("nail")))
    let far = EmbeddingWorld.cosine(
      vector, target.vector(ofWord: EmbeddingWorld.translated("storm")))
    #expect(near > far + 0.1)
  }

  @Test("a dictionary of some words ties texts that say other things")
  func dictionary() throws {
    let text = TrainingText()
    try EmbeddingWorld.add(EmbeddingWorld.sentences(500, seed: 1), to: text, language: "a")
    try EmbeddingWorld.add(
      EmbeddingWorld.sentences(500, seed: 2).map { $0.map(EmbeddingWorld.translated) }, to: text,
      language: "b")
    for word in Self.words {
      text.addTranslation(word, language: 0, EmbeddingWorld.translated(word), language: 1)
    }
    var trainer = trainer()
    trainer.replacementRate = 0.5
    trainer.arguments.windowSize = 3
    let space = try trainer.train(text)
    let vector = space.model(of: 0).vector(ofWord: "rain")
    let target = space.model(of: 1)
    let near = EmbeddingWorld.cosine(
      vector, target.vector(ofWord: EmbeddingWorld.translated("rain")))
    let far = EmbeddingWorld.cosine(
      vector, target.vector(ofWord: EmbeddingWorld.translated("salt")))
    #expect(near > far + 0.1)
  }

  @Test("a dictionary is used in lines that say the same, too")
  func dictionaryOfPairs() throws {
    var trainer = trainer()
    trainer.arguments.epochs = 1
    func vector(_ rate: Double) throws -> [Float] {
      let text = try pairs(links: false)
      text.addTranslation("rain", language: 0, EmbeddingWorld.translated("rain"), language: 1)
      trainer.replacementRate = rate
      return try trainer.train(text).model(of: 0).vector(ofWord: "rain")
    }
    // At a rate of 1 both words stand for each other everywhere.
    #expect(try vector(1) != vector(0))
  }

  @Test("a link without a word, and a dictionary without a known pair, are errors")
  func mistakes() throws {
    let text = TrainingText()
    let (first, second) = (text.language(named: "a"), text.language(named: "b"))
    let error = #expect(throws: WordVectorError.self) {
      try text.appendPair("x y", language: first, "z", language: second, links: [(0, 1)])
    }
    #expect(error?.description.contains("0-1") == true)
    let strangers = try pairs(links: false)
    strangers.addTranslation("none", language: 0, "nichts", language: 1)
    #expect(throws: WordVectorError.self) { try trainer().train(strangers) }
  }
}
