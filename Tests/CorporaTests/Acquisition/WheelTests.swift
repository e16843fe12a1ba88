// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("Wheels and digests")
struct WheelTests {
  @Test(
    "SHA-256 is that of the standard's examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
  func digest(_ text: String, _ expected: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: "a")
    #expect(try FileDigest.sha256(of: URL(fileURLWithPath: path)) == expected)
    #expect(FileDigest.sha256(of: Data(text.utf8)) == expected)
  }

  @Test("names a file that cannot be digested")
  func noFile() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: CorpusError.self) {
      try FileDigest.sha256(of: folder.url.appendingPathComponent("none"))
    }
    #expect(error?.file == folder.path("none"))
  }

  /// An unpacked wheel; `abc` has the digest above, in URL-safe Base64.
  private func wheel(_ record: String, _ content: String = "abc") throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(content, to: "pack/data, 1.txt")
    try folder.write(record, to: "pack-1.0.dist-info/RECORD")
    return folder
  }

  static let record = """
    "pack/data, 1.txt",sha256=ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0,3
    pack-1.0.dist-info/RECORD,,

    """

  @Test("A wheel's own list is read and holds")
  func record() throws {
    let folder = try wheel(Self.record)
    let record = try WheelRecord(in: folder.url)
    #expect(
      record.entries == [
        .init(
          path: "pack/data, 1.txt", digest: "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0", size: 3),
        .init(path: "pack-1.0.dist-info/RECORD", digest: nil, size: nil),
      ])
    try record.verify(folder.url)
  }

  @Test("A file that differs from the list is named")
  func changed() throws {
    let folder = try wheel(Self.record, "abd")
    let error = #expect(throws: CorpusError.self) {
      try WheelRecord(in: folder.url).verify(folder.url)
    }
    #expect(error?.code == .download)
    #expect(error?.file == "pack/data, 1.txt")
  }

  @Test("A list that is none is an error with its line", arguments: ["a,b\n", "a,sha256=x,1,2\n"])
  func malformed(_ record: String) throws {
    let folder = try wheel(Self.record + record)
    let error = #expect(throws: CorpusError.self) { try WheelRecord(in: folder.url) }
    #expect(error?.line == 3)
  }

  @Test(
    "pip's last words become advice",
    arguments: [
      ("/usr/bin/python3: No module named pip", "install pip"),
      ("ERROR: No matching distribution found for x==9", "check the version"),
      ("Connection refused", "check the network"), ("Read timed out.", "check the network"),
      ("OSError: No space left on device", "free some space"),
    ])
  func advice(_ words: String, _ expected: String) throws {
    #expect(try #require(PythonPackage.hint(for: words)).hasPrefix(expected))
  }

  @Test("There is no advice on words that say nothing")
  func noAdvice() {
    #expect(PythonPackage.hint(for: "no message") == nil)
  }
}
