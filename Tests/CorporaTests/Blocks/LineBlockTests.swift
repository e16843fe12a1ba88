// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("Blocks of lines")
struct LineBlockTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// All lines of some files with their places.
  private func lines(
    _ paths: [String], invalid: LineBlock.Invalid = .stop
  ) throws -> [String] {
    let reader = try LineBlockReader(paths)
    var lines: [String] = []
    while let block = try reader.next() {
      try block.forEachLine(invalid: invalid) { line, number in
        lines.append("\(block.file.split(separator: "/").last ?? ""):\(number):\(line)")
      }
    }
    return lines
  }

  @Test("only a line feed ends a line: carriage returns, NULs and empty lines stay")
  func strangeLines() throws {
    let path = folder.path("a")
    try Data("one\r\n\n\u{0}x\u{2028}y\n\u{FEFF}last".utf8).write(to: URL(fileURLWithPath: path))
    #expect(
      try lines([path]).map { Array($0.utf8) }
        == ["a:1:one\r", "a:2:", "a:3:\u{0}x\u{2028}y", "a:4:\u{FEFF}last"].map { Array($0.utf8) })
  }

  @Test("files follow each other, and each counts its own lines")
  func severalFiles() throws {
    let (first, second, empty) = (folder.path("a"), folder.path("b"), folder.path("c"))
    try Data("1\n2".utf8).write(to: URL(fileURLWithPath: first))
    try Data("3\n".utf8).write(to: URL(fileURLWithPath: second))
    try Data().write(to: URL(fileURLWithPath: empty))
    #expect(
      try lines([first, empty, second, first]) == ["a:1:1", "a:2:2", "b:1:3", "a:1:1", "a:2:2"])
  }

  @Test("lines longer than what is read at once stay whole, and so do those behind them")
  func longLines() throws {
    let path = folder.path("a")
    let long = String(repeating: "é", count: 400_000)
    try Data("x\n\(long)\ny\n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try lines([path]) == ["a:1:x", "a:2:\(long)", "a:3:y"])
  }

  @Test("a gzipped file is unpacked, a cut one is an error")
  func gzip() throws {
    let path = folder.path("a")
    try Data("one\ntwo\n".utf8).write(to: URL(fileURLWithPath: path))
    try ChildProcess.run("gzip", [path])
    #expect(try lines([path + ".gz"]) == ["a.gz:1:one", "a.gz:2:two"])
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path + ".gz"))
    try bytes.dropLast(9).write(to: URL(fileURLWithPath: path + ".gz"))
    #expect { try lines([path + ".gz"]) } throws: { ($0 as? CorpusError)?.code == .format }
  }

  @Test("a line that is not UTF-8 is named, or mended where asked to")
  func invalidText() throws {
    let path = folder.path("a")
    try Data(Array("ok\nb".utf8) + [0xFF, 0x0A, 0x7A]).write(to: URL(fileURLWithPath: path))
    #expect { try lines([path]) } throws: { error in
      (error as? CorpusError)?.code == .encoding && (error as? CorpusError)?.line == 2
    }
    #expect(try lines([path], invalid: .replace) == ["a:1:ok", "a:2:b\u{FFFD}", "a:3:z"])
  }

  @Test("a block knows how many lines came before it, of all files")
  func precedingLines() throws {
    let texts = ["one\ntwo", "", "three\nfour\n", "five"]
    let paths = try texts.enumerated().map { index, text in
      try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path("p\(index)")))
      return folder.path("p\(index)")
    }
    let reader = try LineBlockReader(paths)
    var numbers: [Int] = []
    while let block = try reader.next() {
      try block.forEachLine(invalid: .stop) { _, number in
        numbers.append(block.precedingLines + number - block.firstLine + 1)
      }
    }
    #expect(numbers == [1, 2, 3, 4, 5])
  }

  @Test("an absent file is an error before anything is read")
  func absent() {
    #expect(throws: CorpusError.self) { try LineBlockReader([folder.path("none")]) }
  }
}
