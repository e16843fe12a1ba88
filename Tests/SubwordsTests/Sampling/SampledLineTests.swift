// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Subwords

@Suite("Lines that are sampled")
struct SampledLineTests {
  private let tokenizer: Tokenizer

  init() throws { tokenizer = try Tokenizer(Fixtures.xlmRoberta()) }

  private func encode(
    _ line: String, number: Int = 1, seed: UInt64 = 1, count: Int = 1,
    _ change: (inout LineEncoder.Options) -> Void = { _ in }
  ) throws -> String {
    var options = LineEncoder.Options()
    options.segmentation = .sampled(.lattice(alpha: 0.1), count: count, seed: seed)
    change(&options)
    var output: [UInt8] = []
    try LineEncoder(tokenizer, options).append(line, number: number, to: &output)
    return String(decoding: output, as: UTF8.self)
  }

  private let line = "the ab aab the ab aab the"

  @Test("a line's sample follows from seed and number alone")
  func streams() throws {
    #expect(try encode(line, number: 7) == encode(line, number: 7))
    let lines = try (1...20).map { try encode(line, number: $0) }
    #expect(Set(lines).count > 15)
    let seeds = try (1...20).map { try encode(line, seed: $0) }
    #expect(Set(seeds).count > 15)
  }

  @Test("ids, pieces, offsets and objects show the same sample")
  func formats() throws {
    let ids = try encode(line).split(separator: " ").compactMap { Int32($0.filter(\.isNumber)) }
    let pieces = try encode(line) { $0.format = .pieces }.dropLast().split(separator: " ")
    #expect(ids == pieces.compactMap { tokenizer.id(of: String($0)) })
    let offsets = try encode(line) { $0.format = .offsets }.dropLast().split(separator: " ")
    #expect(offsets.count == ids.count)
    let object = try encode(line) { $0.format = .json }
    #expect(object.hasPrefix("{\"ids\":[\(ids.map(String.init).joined(separator: ","))],"))
    let pair = try encode("the\tab") {
      $0.isPair = true
      $0.addsSpecialTokens = true
      $0.maximumLength = 6
    }
    #expect(pair.dropLast().split(separator: " ").count == 6)
  }

  @Test("several samples stand in one line, and exclude what nbest excludes")
  func several() throws {
    let ways = try encode(line, count: 3).dropLast().split(separator: "\t")
    #expect(ways.count == 3 && Set(ways).count > 1)
    let object = try encode(line, count: 2) { $0.format = .json }
    #expect(object.hasPrefix("{\"samples\":[{\"ids\":["))
    #expect(throws: SubwordError.self) { try encode(line, count: 2) { $0.isPair = true } }
    #expect(throws: SubwordError.self) { try encode(line, count: 0) }
    let one = try encode(line) {
      $0.segmentation = .sampled(.lattice(alpha: 0.1), count: 1, seed: 1)
    }
    #expect(one.dropLast() == ways[0])
  }

  @Test("a model that cannot be sampled is refused before any line")
  func refused() {
    #expect(throws: SubwordError.self) {
      try encode("a") { $0.segmentation = .sampled(.dropout(0.1)) }
    }
  }
}
