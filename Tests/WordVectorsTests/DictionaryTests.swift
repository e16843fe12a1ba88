// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import WordVectors

@Suite struct DictionaryTests {
  @Test("the hash extends each byte with its sign")
  func hash() {
    #expect(WordHash.of("a".utf8) == 0xe40c_292c)
    // 0xc3 and 0xa9 are or-ed with 0xffffff00 before they are mixed in.
    var expected: UInt32 = 2_166_136_261
    for byte in [0xffff_ffc3, 0xffff_ffa9] as [UInt32] {
      expected = (expected ^ byte) &* 16_777_619
    }
    #expect(WordHash.of("é".utf8) == expected)
  }

  @Test("a remainder without division is the remainder")
  func remainder() {
    var generator = SplitMix(seed: 3)
    for divisor in [1, 2, 3, 400, 65_536, 2_000_000, 0x7fff_ffff, .max] as [UInt32] {
      let remainder = Remainder(dividingBy: divisor)
      for _ in 0..<200 {
        let value = UInt32(truncatingIfNeeded: generator.next())
        #expect(remainder(value) == value % divisor)
      }
      #expect(remainder(0) == 0 && remainder(.max) == .max % divisor)
    }
  }

  @Test("n-grams are of characters, marked at both ends, without a lone mark")
  func nGrams() throws {
    let model = try TinyModel.train()
    let parts = model.subwords(of: "éa").map(\.text)
    #expect(parts == ["<é", "<éa", "éa", "éa>", "a>"])
    #expect(model.subwords(of: "hammer").first?.text == "hammer")
    #expect(model.subwords(of: "</s>").map(\.text) == ["</s>"])
    #expect(model.subwords(of: "").map(\.text) == ["<>"])
  }

  @Test("words come before labels, the commonest first, of equal ones the first")
  func builder() {
    var builder = DictionaryBuilder()
    for line in ["__label__x b a a", "c b", "__label__y rare </s> not read"] {
      Array(line.utf8).withUnsafeBufferPointer { builder.add($0) }
    }
    let dictionary = builder.dictionary(minimumCount: 2)
    #expect((0..<dictionary.wordCount).map { dictionary.word($0) } == ["</s>", "b", "a"])
    #expect(
      (0..<dictionary.labelCount).map { dictionary.label($0) } == ["__label__x", "__label__y"])
    #expect(dictionary.count(ofWord: 0) == 3 && dictionary.tokenCount == 11)
    #expect(dictionary.index(of: "a") == 2 && dictionary.index(of: "c") == nil)
    #expect(dictionary.index(of: "__label__x") == nil)
  }

  @Test("the rare label lies deepest in the tree, and every label has its own way")
  func tree() {
    let tree = LabelTree(counts: [50, 20, 10, 5, 5][...])
    let paths = tree.paths()
    #expect(paths.map(\.count) == [1, 2, 3, 4, 4])
    let ways = Set(paths.map { $0.reversed().map { $0.isRight ? "1" : "0" }.joined() })
    #expect(ways.count == 5)
    #expect(LabelTree(counts: [7][...]).decisions.isEmpty)
  }

  @Test("rows that are summed in blocks are the rows' sum, whatever their width")
  func sums() {
    for columns in [1, 3, 4, 7, 16, 21, 33] {
      let buffer = FloatBuffer(count: 5 * columns)
      for index in 0..<5 * columns { buffer.start[index] = Float(index % 11) - 5 }
      let matrix = DenseMatrix(buffer, rows: 5, columns: columns)
      var sum = [Float](repeating: 9, count: columns)
      let rows: [Int32] = [4, 0, 2, 2]
      sum.withUnsafeMutableBufferPointer { sum in
        rows.withUnsafeBufferPointer { rows in
          if let start = sum.baseAddress { matrix.sum(rows, into: start) }
        }
      }
      let expected = (0..<columns).map { column in
        rows.reduce(Float(0)) { $0 + buffer.start[Int($1) * columns + column] }
      }
      #expect(sum == expected)
    }
  }
}
