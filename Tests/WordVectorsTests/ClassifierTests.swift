// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import WordVectors

@Suite struct ClassifierTests {
  static let texts = [
    "the hammer and the saw", "RAIN and wind", "bread", "soup plate apple", "zzz", "", "Säge",
    "the\tcloud\u{b}storm", "__label__tool __label__none bread", "salt </s> hammer saw bench",
    "salt\nhammer saw bench", "сыр сыр", "a\u{0}b",
  ]

  @Test(
    "what was learnt is told",
    arguments: [
      ModelArguments.Loss.softmax, .hierarchicalSoftmax, .oneVersusAll, .negativeSampling,
    ])
  func learns(_ loss: ModelArguments.Loss) throws {
    let classifier = try FastTextClassifier(TinyModel.train(loss: loss))
    #expect(classifier.predictions(for: "the hammer saw").first?.label == "__label__tool")
    #expect(classifier.predictions(for: "rain storm").first?.label == "__label__sky")
    #expect(classifier.predictions(for: "soup with salt").first?.label == "__label__food")
  }

  @Test("the same lines and seed give the same bytes, another seed others")
  func isDeterministic() throws {
    let first = try TinyModel.bytes(of: TinyModel.train())
    #expect(try TinyModel.bytes(of: TinyModel.train()) == first)
    let store = try LineStore()
    for line in TinyModel.lines { try store.append(line) }
    var trainer = TinyModel.trainer()
    trainer.seed = 2
    #expect(try TinyModel.bytes(of: trainer.train(store)) != first)
  }

  @Test("the order of lines in the file is no matter of learning")
  func sortedLinesAreLearnt() throws {
    let classifier = try FastTextClassifier(TinyModel.train(lines: TinyModel.lines.sorted()))
    #expect(classifier.predictions(for: "the hammer saw").first?.label == "__label__tool")
    #expect(classifier.predictions(for: "soup with salt").first?.label == "__label__food")
  }

  @Test(
    "a model that is written and read predicts the same",
    arguments: [
      ModelArguments.Loss.softmax, .hierarchicalSoftmax, .oneVersusAll,
    ])
  func roundTrip(_ loss: ModelArguments.Loss) throws {
    let model = try TinyModel.train(loss: loss)
    for candidate in [model, try model.quantized(), try model.quantized(keptRows: 300)] {
      let bytes = try TinyModel.bytes(of: candidate)
      try TinyModel.withFile(bytes) { path in
        let copy = try FastTextModel(contentsOf: path)
        #expect(try TinyModel.bytes(of: copy) == bytes)
        let (one, other) = (try FastTextClassifier(candidate), try FastTextClassifier(copy))
        for text in Self.texts {
          #expect(one.predictions(for: text, limit: 3) == other.predictions(for: text, limit: 3))
        }
      }
    }
  }

  @Test("a quantised model is smaller and tells nearly the same")
  func quantization() throws {
    let model = try TinyModel.train()
    let small = try model.quantized(keptRows: 300)
    #expect(small.isQuantized && small.dictionary.wordCount <= model.dictionary.wordCount)
    #expect(small.dictionary.index(of: WordDictionary.endOfLine) != nil)
    let (one, other) = (try FastTextClassifier(model), try FastTextClassifier(small))
    let same = TinyModel.lines.count {
      one.predictions(for: $0).first?.label == other.predictions(for: $0).first?.label
    }
    #expect(Double(same) >= 0.95 * Double(TinyModel.lines.count))
    #expect(throws: WordVectorError.self) { try small.quantized() }
  }

  @Test("logarithms of probabilities are those of the predictions")
  func logProbabilities() throws {
    for loss in [ModelArguments.Loss.softmax, .hierarchicalSoftmax] {
      let classifier = try FastTextClassifier(TinyModel.train(loss: loss))
      for text in Self.texts {
        let logs = classifier.logProbabilities(for: text)
        #expect(abs(logs.reduce(0) { $0 + exp($1) } - 1) < 1e-5)
        for found in classifier.predictions(for: text, limit: 3) {
          // fastText adds 0.00001 at every step of the way.
          #expect(abs(found.probability - exp(logs[found.index])) < 5e-5)
        }
      }
    }
  }

  @Test("threads change nothing, a limit and a threshold do what they say")
  func batches() throws {
    let classifier = try FastTextClassifier(TinyModel.train())
    let texts = (0..<300).map { Self.texts[$0 % Self.texts.count] + " \($0)" }
    let found = classifier.predictions(for: texts, limit: 2, threads: 4)
    #expect(found == texts.map { classifier.predictions(for: $0, limit: 2) })
    #expect(found.allSatisfy { $0.count == 2 && $0[0].probability >= $0[1].probability })
    #expect(classifier.predictions(for: "hammer", limit: 0).isEmpty)
    #expect(classifier.predictions(for: "hammer", limit: 9, threshold: 0.5).count == 1)
  }

  @Test("a line ends at its line feed and at the mark of a line's end")
  func lineEnds() throws {
    let classifier = try FastTextClassifier(TinyModel.train())
    let whole = classifier.predictions(for: "salt", limit: 3)
    #expect(classifier.predictions(for: "salt\nhammer saw bench", limit: 3) == whole)
    #expect(classifier.predictions(for: "salt </s> hammer saw", limit: 3) == whole)
    #expect(classifier.predictions(for: "\u{b} salt\u{0}", limit: 3) == whole)
    #expect(classifier.predictions(for: "salt\u{a0}", limit: 3) != whole)
  }

  @Test("what cannot be learnt from is said in one sentence")
  func mistakes() throws {
    #expect(throws: WordVectorError.self) { try TinyModel.train(lines: []) }
    #expect(throws: WordVectorError.self) { try TinyModel.train(lines: ["no label here"]) }
    #expect(throws: WordVectorError.self) {
      try TinyModel.train(lines: ["__label__one a", "__label__one b"])
    }
    var trainer = TinyModel.trainer()
    trainer.arguments.dimension = 0
    let store = try LineStore()
    try store.append("__label__a b")
    #expect(throws: WordVectorError.self) { try trainer.train(store) }
  }
}
