// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Subwords

@Suite("SentencePiece model")
struct SentencePieceModelTests {
  private func tokenizer(byteFallback: Bool = true) throws -> Tokenizer {
    let model = try SentencePieceModel(try Fixtures.sentencePiece(byteFallback: byteFallback))
    return try Tokenizer(try TokenizerConfiguration(sentencePiece: model))
  }

  @Test("decoding an encoding gives the normalised text back, with byte fallback")
  func roundTrip() throws {
    let tokenizer = try tokenizer()
    let normalizer = try #require(tokenizer.configuration.normalizer)
    var random = SeededGenerator(state: 5)
    for _ in 0..<500 {
      let text = random.text(upTo: 30)
      let normal = normalizer.normalize(text).unicodeScalars.map { $0 == "\u{2581}" ? " " : $0 }
      let decoded = tokenizer.decode(tokenizer.ids(of: text))
      #expect(scalars(decoded) == normal.dropFirst().map(\.value), "\(scalars(text))")
    }
  }

  @Test("offsets never run back and end with the text", arguments: OffsetUnit.allCases)
  func offsets(_ unit: OffsetUnit) throws {
    let tokenizer = try tokenizer(byteFallback: false)
    var random = SeededGenerator(state: 9)
    for _ in 0..<200 {
      let text = random.text(upTo: 30)
      let encoding = try tokenizer.encode(text, unit: unit)
      let ends =
        switch unit {
        case .utf8: text.utf8.count
        case .scalars: text.unicodeScalars.count
        case .utf16: text.utf16.count
        }
      for (range, next) in zip(encoding.offsets, encoding.offsets.dropFirst()) {
        #expect(range.upperBound == next.lowerBound)
      }
      #expect((encoding.offsets.last?.upperBound ?? 0) <= ends)
      #expect(encoding.ids == tokenizer.ids(of: text))
    }
  }

  @Test("unknown scalars are one token, or bytes of which the last has the surface")
  func unknowns() throws {
    #expect(try tokenizer(byteFallback: false).encode("aéxyz").pieces == ["\u{2581}a", "é", "xyz"])
    let bytes = try tokenizer().encode("aß")
    #expect(bytes.pieces == ["\u{2581}a", "<0xC3>", "<0x9F>"])
    #expect(bytes.offsets == [0..<1, 1..<1, 1..<3])
  }

  @Test("the best segmentations come in order and without repeats")
  func nBest() throws {
    let found = try tokenizer().bestSegmentations(of: "aab the", count: 8)
    #expect(found.count == 8)
    #expect(Set(found.map(\.ids)).count == 8)
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
    #expect(try found[0].ids == tokenizer().ids(of: "aab the"))
  }

  @Test("a file cut anywhere is refused or still a model, and never crashes")
  func truncated() throws {
    let bytes = try Fixtures.sentencePiece()
    var refused = 0
    for length in stride(from: 0, to: bytes.count, by: 7) {
      do throws(SubwordError) {
        let model = try SentencePieceModel(bytes.prefix(length))
        _ = try Tokenizer(try TokenizerConfiguration(sentencePiece: model)).ids(of: "a①the")
      } catch {
        refused += 1
        #expect(!error.message.isEmpty)
      }
    }
    #expect(refused > bytes.count / 14)
  }

  @Test("random damage never crashes")
  func damaged() throws {
    let bytes = try Fixtures.sentencePiece()
    var random = SeededGenerator(state: 13)
    for _ in 0..<300 {
      var broken = bytes
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        broken[Int.random(in: 0..<broken.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      guard let model = try? SentencePieceModel(broken),
        let tokenizer = try? Tokenizer(try TokenizerConfiguration(sentencePiece: model))
      else { continue }
      let text = random.text(upTo: 20)
      let encoding = try tokenizer.encode(text, unit: .scalars)
      #expect(encoding.ids == tokenizer.ids(of: text))
    }
  }

  @Test(
    "hostile bytes get an error that says what is wrong",
    arguments: [
      ([] as [UInt8], "no pieces"),
      (
        [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        "length of 9223372036854775807"
      ),
      ([0x0A, 0x04, 0x0A, 0x02, 0xC3, 0x28], "expected UTF-8"),
      ([0x0B], "wire type"), ([0xFF], "end"),
      ([UInt8](repeating: 0xFF, count: 11), "at most 10 bytes"),
      ([0x0A, 0x02, 0x18, 0x09], "piece type from 1 to 6"),
    ])
  func hostile(_ bytes: [UInt8], _ part: String) {
    let error = #expect(throws: SubwordError.self) { try SentencePieceModel(bytes) }
    #expect(error?.message.contains(part) == true, "\(String(describing: error))")
  }
}
