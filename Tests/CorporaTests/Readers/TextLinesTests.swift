// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("TextLines")
struct TextLinesTests {
  @Test(
    "takes off line ends and the byte order mark, and nothing else",
    arguments: [
      ("a\nb\n", ["a", "b"]), ("a\r\nb", ["a", "b"]),
      ("\u{feff}a\n\u{feff}b\n", ["a", "\u{feff}b"]),
      ("\n\na", ["", "", "a"]), (" a\t\n", [" a\t"]),
      ("a\rb\u{2028}c\u{85}d\n", ["a\rb\u{2028}c\u{85}d"]),
      ("", []), ("\n", [""]), ("a\0b\n", ["a\0b"]),
    ])
  func lines(_ content: String, _ expected: [String]) throws {
    let folder = try TemporaryFolder()
    var lines: [String] = []
    var numbers: [Int] = []
    try TextLines(folder.write(content, to: "a.txt")).forEach { line, number in
      lines.append(line)
      numbers.append(number)
    }
    #expect(lines.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
    #expect(numbers == Array(1..<expected.count + 1))
  }

  @Test("puts lines together that lie across the pieces it reads")
  func pieces() throws {
    let folder = try TemporaryFolder()
    let expected = (0..<40).map { String(repeating: "ž\($0)", count: 1000 * $0) }
    let path = try folder.write(expected.joined(separator: "\n"), to: "a.txt")
    var lines: [String] = []
    try TextLines(path).forEach { line, _ in lines.append(line) }
    #expect(lines == expected)
  }

  @Test("gives full batches from a file, and the rest at its end", arguments: [1, 3, 10, 11])
  func batches(_ size: Int) throws {
    let folder = try TemporaryFolder()
    let lines = (0..<10).map { "line \($0)" }
    let path = try folder.write(lines.map { $0 + "\n" }.joined(), to: "a.txt")
    var batches: [[String]] = []
    try TextLines(path).forEachBatch(of: size) { batches.append($0) }
    #expect(Array(batches.joined()) == lines)
    #expect(batches.dropLast().allSatisfy { $0.count == size })
    #expect(batches.count == (lines.count + size - 1) / size)
  }
}
