// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("AtomicFile")
struct AtomicFileTests {
  @Test("appears when it is committed, and not before")
  func appears() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "a.txt")
    let file = try AtomicFile(folder.path("a.txt"))
    try file.write(String(repeating: "new ", count: 100_000))
    #expect(try String(contentsOfFile: folder.path("a.txt"), encoding: .utf8) == "old")
    try file.commit()
    #expect(
      try String(contentsOfFile: folder.path("a.txt"), encoding: .utf8)
        == String(repeating: "new ", count: 100_000))
    #expect(try folder.names() == ["a.txt"])
  }

  @Test("leaves the old file and nothing else when it is given up")
  func givenUp() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "a.txt")
    do {
      let file = try AtomicFile(folder.path("a.txt"))
      try file.write(String(repeating: "new ", count: 100_000))
    }
    #expect(try folder.names() == ["a.txt"])
    #expect(try String(contentsOfFile: folder.path("a.txt"), encoding: .utf8) == "old")
  }

  @Test("overwrites its start")
  func start() throws {
    let folder = try TemporaryFolder()
    let file = try AtomicFile(folder.path("a.txt"))
    try file.write("0000 body")
    try file.overwriteStart(with: Array("1234".utf8))
    try file.write(" end")
    try file.commit()
    #expect(try String(contentsOfFile: folder.path("a.txt"), encoding: .utf8) == "1234 body end")
  }

  @Test("says that its folder is missing")
  func noFolder() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: CorpusError.self) { try AtomicFile(folder.path("none/a.txt")) }
    #expect(error?.code == .file)
    #expect(error?.hint == "make its folder first")
  }

  @Test(
    "says that the disk is full, and leaves nothing half-written",
    .enabled(if: SmallDisk.isAvailable, "no small disk can be mounted here"))
  func fullDisk() throws {
    let disk = try SmallDisk()
    let path = try disk.folder.write("old", to: "a.tsv")
    do {
      let writer = try ExampleWriter(path)
      let error = #expect(throws: CorpusError.self) {
        for number in 0..<10_000 {
          try writer.append(Example(text: "a sentence, number \(number)", label: "x"))
        }
        try writer.finish()
      }
      #expect(error?.code == .space)
      #expect(error?.file == path)
    }
    #expect(try disk.folder.names() == ["a.tsv"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
  }
}
