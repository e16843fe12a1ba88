// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import WordVectors

@Suite struct ClassifierTrainingTests {
  private static func store(_ lines: [String] = TinyModel.lines) throws -> LineStore {
    let store = try LineStore()
    for line in lines { try store.append(line) }
    return store
  }

  private static func label(_ model: FastTextModel, _ text: String) throws -> String? {
    try FastTextClassifier(model).predictions(for: text).first?.label
  }

  @Test(
    "the deterministic mode learns, and gives the same bytes with any number of threads",
    arguments: [
      ModelArguments.Loss.softmax, .hierarchicalSoftmax, .oneVersusAll, .negativeSampling,
    ])
  func deterministic(_ loss: ModelArguments.Loss) throws {
    func train(_ threads: Int, seed: UInt64 = 1) throws -> FastTextModel {
      var trainer = TinyModel.trainer(loss: loss)
      trainer.isDeterministic = true
      trainer.threads = threads
      trainer.seed = seed
      return try trainer.train(Self.store())
    }
    let model = try train(1)
    let bytes = try TinyModel.bytes(of: model)
    for threads in [1, 2, 3] { #expect(try TinyModel.bytes(of: train(threads)) == bytes) }
    #expect(try TinyModel.bytes(of: train(2, seed: 2)) != bytes)
    #expect(try Self.label(model, "the hammer saw") == "__label__tool")
    #expect(try Self.label(model, "rain storm") == "__label__sky")
  }

  @Test("several threads learn in the fast mode")
  func threads() throws {
    var trainer = TinyModel.trainer()
    trainer.threads = 3
    let model = try trainer.train(Self.store())
    #expect(try Self.label(model, "the hammer saw") == "__label__tool")
    #expect(try Self.label(model, "soup with salt") == "__label__food")
  }

  @Test("labels may begin with another prefix, and what begins with the usual one is then a word")
  func prefix() throws {
    var trainer = TinyModel.trainer()
    trainer.labelPrefix = "#"
    let lines = TinyModel.lines.map { $0.replacingOccurrences(of: "__label__", with: "#") }
    let model = try trainer.train(Self.store(lines.map { $0 + " __label__word" }))
    #expect(model.dictionary.labelCount == 3)
    #expect(model.dictionary.index(of: "__label__word") != nil)
    #expect(try Self.label(model, "the hammer saw") == "#tool")
    trainer.labelPrefix = ""
    #expect(throws: WordVectorError.self) { try trainer.train(Self.store(lines)) }
  }

  @Test("rare labels are left out where it is asked for")
  func rareLabels() throws {
    var trainer = TinyModel.trainer()
    trainer.minimumLabelCount = 2
    let model = try trainer.train(Self.store(TinyModel.lines + ["__label__once rain"]))
    #expect(model.dictionary.labelCount == 3)
  }

  @Test(
    "a learning rate that is too large is refused with a word",
    arguments: [false, true])
  func divergence(_ isDeterministic: Bool) throws {
    var trainer = TinyModel.trainer(loss: .oneVersusAll)
    trainer.learningRate = 100
    trainer.arguments.epochs = 400
    trainer.arguments.dimension = 3
    trainer.isDeterministic = isDeterministic
    // Words of both labels, so that no rows tell them apart and each step overshoots.
    let lines = (0..<60).map { "__label__\($0 % 2) " + String(repeating: "same ", count: 3) }
    let error = #expect(throws: WordVectorError.self) { try trainer.train(Self.store(lines)) }
    #expect(error?.description.contains("diverged") == true)
  }

  @Test("pretrained vectors are where words begin")
  func pretrained() throws {
    let numbers = (0..<10).map { "\($0)" }.joined(separator: " ")
    try TinyModel.withFile(Array("1 10\nelsewhere \(numbers)\n".utf8)) { path in
      var trainer = TinyModel.trainer()
      trainer.arguments.maximumCharacters = 0
      trainer.arguments.wordNGrams = 1
      trainer.pretrained = try PretrainedVectors(contentsOf: path)
      let model = try trainer.train(Self.store())
      #expect(model.vector(ofWord: "elsewhere") == (0..<10).map { Float($0) })
      trainer.arguments.dimension = 4
      #expect(throws: WordVectorError.self) { try trainer.train(Self.store()) }
    }
  }

  @Test("a model that was pruned can be trained further, then quantised in every way")
  func retraining() throws {
    let model = try TinyModel.train()
    let pruned = try model.pruned(keeping: 300)
    #expect(pruned.dictionary.index(of: WordDictionary.endOfLine) != nil)
    var trainer = TinyModel.trainer()
    trainer.arguments.epochs = 2
    let more = try trainer.train(Self.store(), from: pruned)
    #expect(try TinyModel.bytes(of: more) != TinyModel.bytes(of: pruned))
    #expect(more.dictionary.wordCount == pruned.dictionary.wordCount)
    for separatesLengths in [false, true] {
      let small = try more.quantized(separatesLengths: separatesLengths)
      #expect(try Self.label(small, "the hammer saw") == "__label__tool")
      try TinyModel.withFile(TinyModel.bytes(of: small)) { path in
        let read = try FastTextModel(contentsOf: path)
        #expect(try Self.label(read, "rain storm") == "__label__sky")
      }
      #expect(throws: WordVectorError.self) { try trainer.train(Self.store(), from: small) }
    }
    // There are three labels; codes are 256.
    #expect(throws: WordVectorError.self) { try more.quantized(quantizesOutput: true) }
  }

  @Test("an evaluation counts as fastText does: lines without a known label are passed over")
  func evaluation() throws {
    let classifier = try FastTextClassifier(TinyModel.train())
    var evaluation = ClassifierEvaluation(labels: classifier.labels)
    let text = """
      __label__tool the hammer saw
      __label__sky __label__food rain storm
      __label__unknown rain
      no label
      __label__food the hammer saw
      """
    evaluation.add(classifier.lines(of: Array(text.utf8)))
    #expect(evaluation.lineCount == 3)
    #expect(evaluation.total == .init(right: 2, told: 3, present: 4))
    let food = evaluation.counts[classifier.labels.firstIndex(of: "__label__food") ?? 0]
    #expect(food == .init(right: 0, told: 0, present: 2))
    #expect(food.precision == 0 && food.recall == 0 && food.f1 == 0)
    #expect(abs(evaluation.total.precision - 2 / 3) < 1e-9 && evaluation.total.recall == 0.5)
  }

  @Test("a line is printed for each line, and bytes that are no text do not matter")
  func printing() throws {
    let classifier = try FastTextClassifier(TinyModel.train())
    let text = Array("the hammer\n\nrain".utf8) + [0xff, 0x0a]
    let plain = classifier.predictedText(for: text, limit: 2, hasProbabilities: false)
    let lines = String(decoding: plain, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4 && lines[0].hasPrefix("__label__tool __label__"))
    let told = classifier.predictedText(for: text, hasProbabilities: true)
    let first = classifier.predictions(for: "the hammer")[0]
    let expected = "__label__tool " + String(format: "%g", Double(first.probability)) + "\n"
    #expect(String(decoding: told, as: UTF8.self).hasPrefix(expected))
  }
}
