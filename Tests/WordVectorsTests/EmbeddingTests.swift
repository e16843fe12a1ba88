// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import WordVectors

@Suite struct EmbeddingTests {
  @Test(
    "words that come together end up alike",
    arguments: [ModelArguments.Task.skipgram, .cbow],
    [ModelArguments.Loss.negativeSampling, .hierarchicalSoftmax, .softmax, .oneVersusAll])
  func learns(_ task: ModelArguments.Task, _ loss: ModelArguments.Loss) throws {
    let text = try EmbeddingWorld.text(EmbeddingWorld.sentences(600))
    var trainer = EmbeddingWorld.trainer(task, loss)
    trainer.learningRate = loss == .oneVersusAll ? 0.03 : 0.1
    for isDeterministic in [false, true] {
      trainer.isDeterministic = isDeterministic
      let model = try trainer.train(text).model(of: 0)
      #expect(EmbeddingWorld.separation(model) > 0.25, "\(isDeterministic)")
    }
  }

  @Test("the deterministic mode gives the same bytes with any number of threads")
  func deterministic() throws {
    let sentences = EmbeddingWorld.sentences(9000)
    func bytes(_ threads: Int, seed: UInt64 = 3) throws -> [UInt8] {
      var trainer = EmbeddingWorld.trainer()
      trainer.isDeterministic = true
      trainer.threads = threads
      trainer.seed = seed
      trainer.arguments.epochs = 1
      return try TinyModel.bytes(
        of: trainer.train(EmbeddingWorld.text(sentences)).model(of: 0))
    }
    let one = try bytes(1)
    #expect(try bytes(1) == one)
    #expect(try bytes(2) == one)
    #expect(try bytes(3) == one)
    #expect(try bytes(1, seed: 4) != one)
  }

  @Test("the fast mode with one thread gives the same bytes for a seed")
  func oneThread() throws {
    let text = EmbeddingWorld.sentences(100)
    let trainer = EmbeddingWorld.trainer()
    let first = try TinyModel.bytes(of: trainer.train(EmbeddingWorld.text(text)).model(of: 0))
    let second = try TinyModel.bytes(of: trainer.train(EmbeddingWorld.text(text)).model(of: 0))
    #expect(first == second)
  }

  @Test("a model that was written is read with the same vectors and settings")
  func roundTrip() throws {
    var trainer = EmbeddingWorld.trainer()
    trainer.arguments.epochs = 1
    let model = try trainer.train(EmbeddingWorld.text(EmbeddingWorld.sentences(50))).model(of: 0)
    try TinyModel.withFile(TinyModel.bytes(of: model)) { path in
      let read = try FastTextModel(contentsOf: path)
      #expect(read.arguments == model.arguments)
      #expect(read.arguments.task == .skipgram && read.arguments.windowSize == 3)
      for word in ["hammer", "rain", "unseen", "</s>"] {
        #expect(read.vector(ofWord: word) == model.vector(ofWord: word))
      }
    }
  }

  @Test(
    "a learning rate that is too large is refused with a word, not learnt into numbers that are none"
  )
  func divergence() throws {
    var trainer = EmbeddingWorld.trainer()
    trainer.learningRate = 90
    trainer.arguments.epochs = 200
    for isDeterministic in [false, true] {
      trainer.isDeterministic = isDeterministic
      trainer.threads = 2
      let error = #expect(throws: WordVectorError.self) {
        try trainer.train(EmbeddingWorld.text(EmbeddingWorld.sentences(300)))
      }
      #expect(error?.description.contains("diverged") == true)
    }
  }

  @Test("pretrained vectors are where words begin, and words of theirs alone are kept")
  func pretrained() throws {
    let numbers = (0..<20).map { "\(Float($0) / 8)" }.joined(separator: " ")
    let text = "2 20\nhammer \(numbers)\nelsewhere \(numbers) \n"
    try TinyModel.withFile(Array(text.utf8)) { path in
      var trainer = EmbeddingWorld.trainer()
      trainer.pretrained = try PretrainedVectors(contentsOf: path)
      trainer.arguments.maximumCharacters = 0
      trainer.arguments.minimumCharacters = 0
      trainer.arguments.epochs = 1
      let space = try trainer.train(EmbeddingWorld.text(EmbeddingWorld.sentences(30)))
      // Nothing in the text is near it, so that only wrong answers could have moved it; inputs are not.
      #expect(space.model(of: 0).vector(ofWord: "elsewhere") == (0..<20).map { Float($0) / 8 })
    }
    try TinyModel.withFile(Array("1 3\nword 1 2\n".utf8)) { path in
      let error = #expect(throws: WordVectorError.self) { try PretrainedVectors(contentsOf: path) }
      #expect(error?.description.contains("line 2") == true)
    }
  }

  @Test(
    "settings out of their range are refused by name",
    arguments: [("dim", 0), ("ws", 0), ("epoch", 0), ("bucket", 0), ("minn", 9)])
  func ranges(_ name: String, _ value: Int) throws {
    var trainer = EmbeddingWorld.trainer()
    switch name {
    case "dim": trainer.arguments.dimension = value
    case "ws": trainer.arguments.windowSize = value
    case "epoch": trainer.arguments.epochs = value
    case "bucket": trainer.arguments.buckets = value
    default: trainer.arguments.minimumCharacters = value
    }
    let error = #expect(throws: WordVectorError.self) {
      try trainer.train(EmbeddingWorld.text(EmbeddingWorld.sentences(10)))
    }
    #expect(error?.code == .argument && error?.description.contains(name) == true)
  }

  @Test("no text, or too few words, is an error that says so")
  func empty() throws {
    let trainer = EmbeddingWorld.trainer()
    #expect(throws: WordVectorError.self) { try trainer.train(TrainingText()) }
    var strict = trainer
    strict.arguments.minimumCount = 1000
    #expect(throws: WordVectorError.self) {
      try strict.train(EmbeddingWorld.text(EmbeddingWorld.sentences(3)))
    }
  }

  @Test("the loss falls")
  func loss() throws {
    let losses = Mutex<[Double]>([])
    var trainer = EmbeddingWorld.trainer()
    trainer.reportInterval = 0
    let text = try EmbeddingWorld.text(EmbeddingWorld.sentences(400))
    _ = try trainer.train(text) { progress in losses.withLock { $0.append(progress.loss) } }
    let told = losses.withLock { $0 }
    #expect(told.count >= 2)
    if let first = told.first, let last = told.last { #expect(last < first * 0.95) }
  }
}
