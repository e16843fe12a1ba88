// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import WordVectors

@Suite struct VectorTableTests {
  private func table(_ text: String, _ reading: VectorReading = VectorReading()) throws
    -> VectorTable
  {
    var rest = Array(text.utf8)[...]
    return try VectorTable(text: "t.vec", reading: reading) {
      let piece = rest.prefix(7)
      rest = rest.dropFirst(7)
      return Array(piece)
    }
  }

  private func message(_ text: String) -> String {
    do {
      _ = try table(text)
      return ""
    } catch { return "\(error)" }
  }

  @Test(
    "text is read with and without a header, with blanks and carriage returns at its lines' ends")
  func text() throws {
    for text in [
      "2 3\nsun 1 -2.5 3e-1 \nmoon 0 0.5 1\n", "sun 1 -2.5 .3\r\nmoon 0 5e-1 1.\r\n",
      "2 3\r\nsun\t1\t-2.5\t0.3\nmoon +0 0.5 1",
    ] {
      let table = try table(text)
      #expect(table.count == 2 && table.dimension == 3)
      #expect(table.vector(of: "sun") == [1, -2.5, 0.3])
      #expect(table.vector(of: "moon") == [0, 0.5, 1])
      #expect(table.vector(of: "star") == nil)
    }
  }

  @Test("forms of a letter that are equal to Swift are different words")
  func bytes() throws {
    let table = try table("2 1\n\u{e9} 1\ne\u{301} 2\n")
    #expect(table.vector(of: "\u{e9}") == [1])
    #expect(table.vector(of: "e\u{301}") == [2])
  }

  @Test(
    "a fault is refused with its line",
    arguments: [
      ("3 2\na 1 2\nb 3 4\n", "t.vec: the header does not tell"),
      ("1 2\na 1 2\nb 3 4\n", "t.vec: the header does not tell"),
      ("2 2\na 1 2\nb nan 4\n", "t.vec:3: the vector of 'b' holds a number that is not finite"),
      ("2 2\na 1 2\nb inf 4\n", "t.vec:3: the vector of 'b'"),
      ("2 2\na 1 2\na 3 4\n", "t.vec:3: the word 'a' is there twice"),
      ("2 2\na 1 2\nb c 3 4\n", "t.vec:3: the word 'b c' has a space in it"),
      ("2 2\na 1 2\n 3 4\n", "t.vec:3: "),
      ("2 2\na 1 2\nb 3\n", "t.vec:3: the line is no vector"),
      ("2 2\na 1 2\nb 3 x\n", "t.vec:3: the line is no vector"),
      ("2 3\na 1 2\nb 3 4\n", "t.vec:2: the line is no vector"),
      ("0 2\n", "t.vec: the file has no vectors"), ("", "t.vec: the file has no vectors"),
      ("2 0\na\nb\n", "t.vec:1: the header is wrong"), ("word\n", "t.vec:1: "),
    ])
  func faults(_ text: String, _ expected: String) {
    #expect(message(text).hasPrefix(expected), "\(message(text))")
  }

  @Test("faults that are skipped are counted, and the first of equal words stays")
  func skipped() throws {
    let table = try table(
      "9 2\na 1 2\na 3 4\nb nan 4\nc d 5 6\n", VectorReading(faults: .skip))
    #expect(table.count == 2)
    #expect(table.vector(of: "a") == [1, 2])
    #expect(table.vector(of: "c d") == [5, 6])
    #expect(table.faults.duplicates == 1 && table.faults.notFinite == 1)
    #expect(table.faults.spaces == 1 && table.faults.promised == 9)
  }

  @Test("a limit reads the first vectors and does not ask what follows")
  func limit() throws {
    let table = try table("5 1\na 1\nb 2\na 3\nb nan\n", VectorReading(limit: 2))
    #expect(table.count == 2)
  }

  @Test(
    "every format gives the same numbers back", arguments: [VectorFormat.text, .word2vec, .mapped])
  func roundTrip(_ format: VectorFormat) throws {
    var generator = SplitMix(seed: 5)
    let words = ["one", "zwei", "три", "四"] + (0..<40).map { "w\($0)" }
    var vectors: [[Float]] = []
    for _ in words {
      var vector: [Float] = []
      for _ in 0..<7 {
        let number = Int(generator.next() % 2_000_001) - 1_000_000
        vector.append(Float(number) / 999)
      }
      vectors.append(vector)
    }
    let table = try VectorTable(words: WordList(words), vectors: VectorMatrix(vectors))
    var bytes: [UInt8] = []
    try table.write(format) { bytes += $0 }
    try TinyModel.withFile(bytes) { path in
      let read = try VectorTable(contentsOf: path, reading: VectorReading(threads: 2))
      #expect(read.count == words.count)
      for (word, vector) in zip(words, vectors) { #expect(read.vector(of: word) == vector) }
      #expect(try VectorTable(contentsOf: path, reading: VectorReading(limit: 3)).count == 3)
    }
    // Cut short anywhere, it is an error and never a crash; a last number of text that lacks digits is still one.
    for length in stride(from: 0, to: bytes.count - (format == .text ? 20 : 1), by: 13) {
      try TinyModel.withFile(Array(bytes[..<length])) { path in
        #expect(throws: WordVectorError.self) { try VectorTable(contentsOf: path) }
      }
    }
  }

  @Test(
    "numbers are written with as many digits as are asked for",
    arguments: [
      (Float(0.05), 2, "0.05"), (-1.25, 1, "-1.2"), (3, 0, "3"), (-0.001, 2, "0.00"),
      (123.456, 3, "123.456"), (0.9999, 2, "1.00"),
    ])
  func decimals(_ number: Float, _ count: Int, _ text: String) {
    #expect(String(decoding: VectorTableWriter.fixed(number, count), as: UTF8.self) == text)
  }

  @Test("a model's words have the model's vectors")
  func model() throws {
    let model = try TinyModel.train()
    let table = VectorTable(model, reading: VectorReading(threads: 2))
    #expect(table.count == model.dictionary.wordCount)
    for index in 0..<table.count {
      #expect(Array(table.vectors[index]) == model.vector(ofWord: table.words[index]))
    }
  }
}
