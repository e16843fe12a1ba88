// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Subwords

@Suite("Tables of words") struct ByteTallyTests {
  /// Strings of few letters, NUL among them, so that many are equal, begin alike or end in NULs.
  private func strings(_ count: Int, upTo length: Int, seed: UInt64) -> [[UInt8]] {
    var random = SeededGenerator(state: seed)
    return (0..<count).map { _ in
      (0..<Int.random(in: 1...length, using: &random)).map { _ in
        [0, 0, 97, 255].randomElement(using: &random) ?? 0
      }
    }
  }

  private func contents(_ tally: SpilledTally, inOrder: Bool = true) throws -> [([UInt8], Int64)] {
    var found = [([UInt8], Int64)]()
    try tally.forEach(inOrder: inOrder) { found.append((Array($0), $1)) }
    return found
  }

  @Test(
    "count what a dictionary counts and list it in the order of bytes, in one table or in many files",
    arguments: [1 << 28, 1 << 16])
  func counts(limit: Int) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-tally-\(limit)-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var expected = [[UInt8]: Int64]()
    do {
      let tally = SpilledTally(limit: limit, folder: folder)
      for length in [3, 9, 40] {
        let some = strings(20_000, upTo: length, seed: UInt64(length))
        for (index, string) in some.enumerated() {
          expected[string, default: 0] += Int64(index % 3 + 1)
          try string.withUnsafeBufferPointer { try tally.add($0, Int64(index % 3 + 1)) }
        }
        // The same again, many at a time.
        for string in some { expected[string, default: 0] += 1 }
        let bytes = ByteList(some)
        try bytes.withBytes { bytes, starts in
          let base = try #require(bytes.baseAddress)
          for first in stride(from: 0, to: some.count, by: 50) {
            let keys = (first..<first + 50).map {
              ByteTally.Key(base + starts[$0], starts[$0 + 1] - starts[$0])
            }
            try keys.withUnsafeBufferPointer { try tally.add($0) }
          }
        }
      }
      #expect((tally.runCount > 0) == (limit == 1 << 16))
      let order = expected.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      let found = try contents(tally)
      #expect(found.map(\.0) == order.map(\.key))
      #expect(found.map(\.1) == order.map(\.value))
      let unordered = try contents(tally, inOrder: false)
      #expect(Dictionary(uniqueKeysWithValues: unordered) == expected)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("however often they are put aside, few files are open, and a long string is no trouble")
  func manyRuns() throws {
    let tally = SpilledTally(limit: 1 << 16)
    let long = [UInt8](repeating: 98, count: 1 << 18)
    try long.withUnsafeBufferPointer { try tally.add($0) }
    for number in 0..<150_000 {
      try Array("\(number % 140_000)".utf8).withUnsafeBufferPointer { try tally.add($0) }
    }
    #expect(tally.runCount > 0 && tally.runCount < 64)
    let other = SpilledTally(limit: 1 << 16)
    try long.withUnsafeBufferPointer { try other.add($0, 4) }
    try tally.take(other)
    let found = try contents(tally)
    #expect(found.count == 140_001)
    #expect(found.allSatisfy { $1 == ($0 == long ? 5 : (number($0) < 10_000 ? 2 : 1)) })
    #expect(other.isEmpty)
  }

  private func number(_ word: [UInt8]) -> Int { Int(String(decoding: word, as: UTF8.self)) ?? 0 }

  @Test("what cannot be put aside is told with the folder")
  func failure() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("koine-absent")
    let tally = SpilledTally(limit: 1 << 16, folder: folder)
    #expect {
      for number in 0..<20_000 {
        try Array("\(number)".utf8).withUnsafeBufferPointer { try tally.add($0) }
      }
    } throws: { "\($0)".contains("set TMPDIR") && "\($0)".contains(folder.path) }
  }

  @Test("scalars are counted wherever they stand, and the most frequent cover a share")
  func scalars() {
    var counts = ScalarCounts()
    let text = Array("aab\u{0}é漢𐎀".utf8)
    text.withUnsafeBufferPointer { counts.add($0, 3) }
    var twice = counts
    twice.add(counts)
    #expect(counts["a"] == 6 && counts["漢"] == 3 && counts["𐎀"] == 3 && counts["z"] == 0)
    #expect(twice["a"] == 12 && twice.total == 42)
    #expect(counts.covering(0.28) == ["a"])
    #expect(counts.covering(1) == ["a", "b", "é", "漢", "𐎀"])
  }
}
