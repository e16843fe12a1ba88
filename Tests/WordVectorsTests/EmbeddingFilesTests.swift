// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import WordVectors

@Suite struct EmbeddingFilesTests {
  /// Where fastText is, in the folders of PATH.
  private static let fastText = (ProcessInfo.processInfo.environment["PATH"] ?? "")
    .split(separator: ":").map { "\($0)/fasttext" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  @Test("numbers are written as C's %.5g does")
  func decimals() {
    let numbers: [Float] = [
      0, 1, -1, 0.1, 0.123456, 0.0123456, 0.00012345678, 0.000012345678, 9.99999, 99999.6, 123_456,
      1e-30, 3.4e38, 0.99999, 0.999999, 10, 100, 99999, 100_000, -0.00001, 1.5, 2_500, 1e-10,
    ]
    var generator = SplitMix(seed: 8)
    let more = (0..<2000).map { _ in
      Float(Int32(truncatingIfNeeded: generator.next()))
        * pow(10, Float(generator.index(below: 20)) - 19)
    }
    for number in numbers + more {
      var text: [UInt8] = []
      DecimalText.append(number, to: &text)
      #expect(String(decoding: text, as: UTF8.self) == String(format: "%.5g", Double(number)))
    }
  }

  @Test("the text of vectors has a line for each word, in the order of the dictionary")
  func vectors() throws {
    var trainer = EmbeddingWorld.trainer()
    trainer.arguments.epochs = 1
    let model = try trainer.train(EmbeddingWorld.text(EmbeddingWorld.sentences(20))).model(of: 0)
    var text: [UInt8] = []
    try model.writeVectors { text += $0 }
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == model.dictionary.wordCount + 1)
    #expect(lines[0] == "\(model.dictionary.wordCount) 20")
    let fields = lines[3].split(separator: " ")
    #expect(fields[0] == model.dictionary.word(2))
    let vector = model.vector(ofWord: String(fields[0]))
    for (field, number) in zip(fields.dropFirst(), vector) {
      #expect(abs((Float(field) ?? .nan) - number) <= abs(number) * 1e-4)
    }
    // And it is what a training can begin with.
    try TinyModel.withFile(text) { path in
      let read = try PretrainedVectors(contentsOf: path)
      #expect(read.dimension == 20)
    }
  }

  @Test(
    "fastText opens the model, with the same words and vectors",
    .enabled(if: fastText != nil, "fastText is not installed"))
  func opened() throws {
    let sentences = EmbeddingWorld.sentences(60)
    let model = try EmbeddingWorld.trainer().train(EmbeddingWorld.text(sentences)).model(of: 0)
    try TinyModel.withFile(TinyModel.bytes(of: model)) { path in
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Self.fastText ?? "")
      process.arguments = ["print-word-vectors", path]
      let (queries, answers) = (Pipe(), Pipe())
      (process.standardInput, process.standardOutput) = (queries, answers)
      try process.run()
      try queries.fileHandleForWriting.write(contentsOf: Data("hammer unseen\n".utf8))
      try queries.fileHandleForWriting.close()
      let lines = String(
        decoding: answers.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self
      )
      .split(separator: "\n")
      process.waitUntilExit()
      #expect(process.terminationStatus == 0 && lines.count == 2)
      for line in lines {
        let fields = line.split(separator: " ")
        let vector = model.vector(ofWord: String(fields[0]))
        for (field, number) in zip(fields.dropFirst(), vector) {
          #expect(abs((Float(field) ?? .nan) - number) <= abs(number) * 1e-4 + 1e-6)
        }
      }
    }
  }

  @Test("words that come equally often stand in fastText's order, not in the text's")
  func order() {
    // As GNU's sort leaves forty equal elements: what its partition does to them.
    let sorted = LibrarySort.sorted(Array(0..<40)) { _, _ in false }
    #expect(sorted.sorted() == Array(0..<40))
    #expect(sorted != Array(0..<40))
    var generator = SplitMix(seed: 2)
    for count in [0, 1, 2, 16, 17, 100, 3000] {
      let numbers = (0..<count).map { _ in generator.index(below: 50) }
      #expect(LibrarySort.sorted(numbers) { $0 < $1 } == numbers.sorted())
      // A bad order for the partition, which ends in a heap.
      let organ = numbers.sorted() + numbers.sorted().reversed()
      #expect(LibrarySort.sorted(organ) { $0 < $1 } == organ.sorted())
    }
  }

  @Test("above the limit the rarest words are dropped, and labels stay")
  func bounded() {
    var builder = DictionaryBuilder()
    builder.limit = 10
    for line in ["__label__a often often often", "b c d e f g h i j k l m n o"] {
      Array(line.utf8).withUnsafeBufferPointer { builder.add($0) }
    }
    let dictionary = builder.dictionary(minimumCount: 1)
    #expect(dictionary.wordCount + dictionary.labelCount <= 10)
    #expect(dictionary.count(ofWord: 0) == 3 && dictionary.labelCount == 1)
    #expect(dictionary.tokenCount == 20)
  }
}
