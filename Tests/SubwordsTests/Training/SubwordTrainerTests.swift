// SPDX-License-Identifier: Apache-2.0

import Testing
import WritingSystems

@testable import Subwords

@Suite struct SubwordTrainerTests {
  private func train(
    _ specification: TrainerSpecification, memory: Int = 1 << 29, threads: Int = 1
  ) throws -> SentencePieceModel {
    var trainer = SubwordTrainer(specification, normalizerName: "identity")
    trainer.threads = threads
    return try trainer.train(
      try TrainingSamples.text(specification, memory: memory, threads: threads))
  }

  @Test(
    "the same text gives the same bytes for any number of threads, and for tables that spill",
    arguments: [SentencePieceModel.Algorithm.unigram, .bpe, .word, .character])
  func determinism(algorithm: SentencePieceModel.Algorithm) throws {
    var specification = TrainingSamples.specification(200)
    specification.algorithm = algorithm
    specification.hasHardVocabularyLimit = false
    let once = try train(specification).serialized
    #expect(try train(specification, threads: 2).serialized == once)
    #expect(try train(specification, threads: 8).serialized == once)
  }

  @Test("words that were put aside in files are counted as those that were not")
  func spills() throws {
    let tight = SpilledTally(limit: 1 << 16)
    let wide = SpilledTally(limit: 1 << 28)
    for round in 0..<3 {
      for number in 0..<9000 {
        let word = Array("word\(number % (4000 + round))é".utf8)
        try word.withUnsafeBufferPointer {
          try tight.add($0)
          try wide.add($0)
        }
      }
    }
    #expect(tight.runCount > 3 && wide.runCount == 0)
    func contents(_ tally: SpilledTally) throws -> [String] {
      var lines = [String]()
      try tally.forEach { word, count in
        lines.append("\(String(decoding: word, as: UTF8.self)) \(count)")
      }
      return lines
    }
    #expect(try contents(tight) == contents(wide))
  }

  @Test("pieces stand where the specification puts them, bytes and symbols among them")
  func assembly() throws {
    var specification = TrainingSamples.specification(600)
    specification.byteFallback = true
    specification.userDefinedSymbols = ["<sep>"]
    specification.controlSymbols = ["<cls>"]
    specification.padID = 0
    specification.unknownID = 1
    (specification.beginID, specification.endID) = (-1, 2)
    let model = try train(specification)
    #expect(model.pieces.count == 600)
    #expect(model.pieces[..<6] == ["<pad>", "<unk>", "</s>", "<cls>", "<sep>", "<0x00>"])
    #expect(model.kinds[..<6] == [.control, .unknown, .control, .control, .userDefined, .byte])
    let tokenizer = try Tokenizer(TokenizerConfiguration(sentencePiece: model))
    for text in ["बकद<sep>abc", "漢字 of none", "жз зж"] {
      #expect(tokenizer.decode(tokenizer.ids(of: text)) == text)
    }
  }

  @Test("no piece crosses words, scripts or digits")
  func borders() throws {
    var specification = TrainingSamples.specification(60)
    specification.splitsDigits = true
    specification.hasHardVocabularyLimit = false
    let text = try TrainingText(
      specification, normalizer: SentencePieceNormalizer(map: try CharacterMap(rules: [])))
    let line = String(repeating: "abж12 cab. ", count: 50)
    try text.add(line, language: text.language(named: ""))
    let model = try SubwordTrainer(specification).train(text)
    for piece in model.pieces.dropFirst(3) {
      let body = piece.unicodeScalars.drop { $0.value == 0x2581 }
      #expect(!body.contains { $0.value == 0x2581 })
      #expect(Set(body.map { $0.properties.isAlphabetic ? $0.script.code : "\($0)" }).count <= 1)
    }
    #expect(model.pieces.contains("1") && !model.pieces.contains("12"))
  }

  @Test("a likelier vocabulary does not come of a plain one: bits fall as pieces grow")
  func quality() throws {
    let text = try TrainingSamples.text(TrainingSamples.specification(100))
    let small = try SubwordTrainer(TrainingSamples.specification(100)).train(text)
    let large = try SubwordTrainer(TrainingSamples.specification(400)).train(text)
    var samples = TrainingSamples(seed: 5)
    let lines = samples.lines(50, letters: TrainingSamples.latin)
    func tokens(_ model: SentencePieceModel) throws -> Int {
      let tokenizer = try Tokenizer(TokenizerConfiguration(sentencePiece: model))
      return lines.reduce(0) { $0 + tokenizer.ids(of: $1).count }
    }
    #expect(try tokens(large) < tokens(small))
    let ordered = large.scores.dropFirst(3)
    #expect(zip(ordered, ordered.dropFirst()).allSatisfy { $0 >= $1 })
  }

  @Test("a mistake is told in one sentence")
  func mistakes() throws {
    let empty = try TrainingText(
      TrainerSpecification(), normalizer: SentencePieceNormalizer(map: try CharacterMap(rules: [])))
    #expect {
      try SubwordTrainer(TrainerSpecification()).train(empty)
    } throws: { "\($0)".contains("found none; is the input empty?") }
    var large = TrainingSamples.specification(100_000)
    #expect {
      try train(large)
    } throws: { "\($0)".contains("set --vocab_size to at most") }
    large.hasHardVocabularyLimit = false
    #expect(try train(large).pieces.count < 100_000)
    #expect {
      try train(TrainingSamples.specification(20))
    } throws: { "\($0)".contains("raise --vocab_size or lower --character_coverage") }
    let bytes: [UInt8] = [0x61, 0xFF, 0x62]
    #expect {
      try bytes.withUnsafeBufferPointer { try empty.add($0, language: empty.language(named: "")) }
    } throws: { "\($0)" == "byte 1: expected UTF-8, found other bytes" }
  }

  @Test("one character, NULs and long lines do no harm")
  func oddText() throws {
    var specification = TrainingSamples.specification(5)
    specification.hasHardVocabularyLimit = false
    let text = try TrainingText(
      specification, normalizer: SentencePieceNormalizer(map: try CharacterMap(rules: [])))
    let language = text.language(named: "")
    try text.add("x\n", language: language)
    try text.add("\u{0}\u{0}\n", language: language)
    try text.add(String(repeating: "y", count: 5000) + "\n", language: language)
    let model = try SubwordTrainer(specification).train(text)
    #expect(model.pieces.contains("x") && !model.pieces.contains("y"))
    #expect(text.languages[0].longLines == 1)
  }

  @Test("a temperature evens out languages and leaves the sum")
  func temperature() throws {
    let text = try TrainingSamples.text(languages: ["lat"], lines: 900)
    try text.add("жж зз", language: text.language(named: "cyr"))
    #expect(text.weights(temperature: 1) == nil)
    let weights = try #require(text.weights(temperature: 3))
    #expect(weights[1] > weights[0])
    let total = zip(weights, text.languages).reduce(0) { $0 + $1.0 * Double($1.1.bytes) }
    #expect(abs(total / Double(text.languages.reduce(0) { $0 + $1.bytes }) - 1) < 1e-9)
  }
}
