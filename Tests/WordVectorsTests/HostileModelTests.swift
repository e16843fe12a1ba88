// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import WordVectors

/// Files that are cut short or changed give an error or a model, never a crash.
@Suite struct HostileModelTests {
  private func bytes(quantized: Bool, loss: ModelArguments.Loss) throws -> [UInt8] {
    let model = try TinyModel.train(loss: loss)
    return try TinyModel.bytes(of: quantized ? model.quantized(keptRows: 260) : model)
  }

  @Test("a file that is cut short is an error wherever it ends", arguments: [false, true])
  func truncated(quantized: Bool) throws {
    let whole = try bytes(quantized: quantized, loss: .softmax)
    let places =
      Array(0..<min(1500, whole.count)) + Array(stride(from: 1500, to: whole.count, by: 97))
    for length in places where length < whole.count {
      try TinyModel.withFile(Array(whole[..<length])) { path in
        do {
          _ = try FastTextModel(contentsOf: path)
          Issue.record("\(length) of \(whole.count) bytes were read as a model")
        } catch let error as WordVectorError {
          #expect(error.file == path)
        }
      }
    }
  }

  @Test(
    "changed bytes give an error or a model that can be used", arguments: [false, true],
    [ModelArguments.Loss.softmax, .hierarchicalSoftmax])
  func changed(quantized: Bool, loss: ModelArguments.Loss) throws {
    let whole = try bytes(quantized: quantized, loss: loss)
    var generator = SplitMix(seed: 11)
    var read = 0
    for round in 0..<600 {
      var copy = whole
      // The head and the dictionary are where a change does harm.
      let end = round % 3 == 0 ? copy.count : min(copy.count, round % 3 == 1 ? 100 : 1500)
      for _ in 0...round % 4 {
        copy[generator.index(below: end)] =
          round % 2 == 0 ? UInt8(truncatingIfNeeded: generator.next()) : 0xff
      }
      try TinyModel.withFile(copy) { path in
        do {
          let model = try FastTextModel(contentsOf: path)
          _ = model.vector(ofWord: "hammer")
          _ = model.vector(ofSentence: "the hammer </s>")
          let classifier = try FastTextClassifier(model)
          for text in ["the hammer", "", "сыр"] {
            _ = classifier.predictions(for: text, limit: 3)
            _ = classifier.logProbabilities(for: text)
          }
          read += 1
        } catch is WordVectorError {}
      }
    }
    #expect(read > 0)
  }

  @Test("what is no model says what was expected")
  func otherFiles() throws {
    for text in ["2 3\nword 0.1 0.2 0.3\n", "x", "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}"] {
      try TinyModel.withFile(Array(text.utf8)) { path in
        #expect { _ = try FastTextModel(contentsOf: path) } throws: { "\($0)".hasPrefix(path) }
      }
    }
    try TinyModel.withFile([]) { path in
      #expect { _ = try FastTextModel(contentsOf: path) } throws: { "\($0)".contains("empty") }
    }
    #expect(throws: WordVectorError.self) { try FastTextModel(contentsOf: "/no/such/file") }
    #expect(throws: WordVectorError.self) { try FastTextModel(contentsOf: "/") }
  }
}
