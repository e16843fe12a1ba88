// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("Cache")
struct CacheTests {
  struct Failure: Error {}

  @Test("makes a folder once")
  func once() throws {
    let folder = try TemporaryFolder()
    var count = 0
    for _ in 0..<2 {
      let made = try Cache.folder("wheels/a-1", in: folder.url) { place in
        count += 1
        try Data("x".utf8).write(to: place.appendingPathComponent("file"))
      }
      #expect(made.path == folder.path("wheels/a-1"))
      #expect(FileManager.default.fileExists(atPath: folder.path("wheels/a-1/file")))
    }
    #expect(count == 1)
  }

  @Test("leaves nothing that could be taken for complete when making fails")
  func failure() throws {
    let folder = try TemporaryFolder()
    #expect(throws: Failure.self) {
      try Cache.folder("a", in: folder.url) { place in
        try Data("half".utf8).write(to: place.appendingPathComponent("file"))
        throw Failure()
      }
    }
    #expect(try folder.names() == [".a.lock"])
    _ = try Cache.folder("a", in: folder.url) { _ in }
    #expect(try folder.names() == [".a.lock", "a"])
  }

  @Test("removes what a killed run left, before it makes the folder anew")
  func leftovers() throws {
    let folder = try TemporaryFolder()
    try folder.write("half", to: ".a.partial/old")
    let made = try Cache.folder("a", in: folder.url) { _ in }
    #expect(try FileManager.default.contentsOfDirectory(atPath: made.path).isEmpty)
  }

  @Test("lets one make a folder while others wait")
  func concurrent() async throws {
    let folder = try TemporaryFolder()
    let url = folder.url
    let results = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          var made = 0
          _ = try Cache.folder("a", in: url) { _ in
            made = 1
            usleep(20_000)
          }
          return made
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(results == 1)
  }

  @Test("says that its folder cannot be made")
  func noFolder() throws {
    let folder = try TemporaryFolder()
    try folder.write("a file", to: "cache")
    let error = #expect(throws: CorpusError.self) {
      try Cache.folder("a", in: folder.url.appendingPathComponent("cache")) { _ in }
    }
    #expect(error?.hint?.contains("KOINE_CACHE") == true)
  }

  @Test("keeps other processes out while the lock is held")
  func lock() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("lock")
    try FileLock.withLock(path, whileWaiting: {}) {
      let error = #expect(throws: CorpusError.self) {
        try ChildProcess.run("flock", ["--nonblock", path, "true"])
      }
      #expect(error?.message == "'flock' failed with status 1")
    }
    try ChildProcess.run("flock", ["--nonblock", path, "true"])
  }
}
