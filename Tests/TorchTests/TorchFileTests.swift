// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing

@testable import Torch

@Suite struct TorchFileTests {
  private func file(_ pickle: [UInt8], _ floats: [Float] = [0, 1, 2, 3, 4, 5]) throws -> URL {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-\(UUID().uuidString).bin")
    try TorchFileWriter.zip([
      ("a/data.pkl", pickle), ("a/byteorder", Array("little".utf8)),
      ("a/data/0", TorchFileWriter.bytes(floats)),
    ])
    .write(to: url)
    return url
  }

  @Test("tensors are read, those of another order of elements and of shared elements too")
  func reads() async throws {
    let url = try file(
      TorchFileWriter.dictionary([
        ("whole", TorchFileWriter.tensor("0", 6, 0, [2, 3], [3, 1])),
        ("turned", TorchFileWriter.tensor("0", 6, 0, [3, 2], [1, 3])),
        ("part", TorchFileWriter.tensor("0", 6, 4, [2], [1])), ("steps", [0x4b, 7]),
      ]))
    defer { try? FileManager.default.removeItem(at: url) }
    try await Compute.run {
      let file = try TorchFile(url)
      #expect(file.names == ["part", "turned", "whole"])
      #expect(file.shape("turned") == [3, 2] && file.shape("other") == nil)
      #expect(try file.tensor("whole").elements(as: Float.self) == [0, 1, 2, 3, 4, 5])
      #expect(try file.tensor("turned").elements(as: Float.self) == [0, 3, 1, 4, 2, 5])
      #expect(try file.tensor("part").elements(as: Float.self) == [4, 5])
    }
  }

  @Test("code in a pickle is not run")
  func runsNothing() throws {
    let call =
      Array("cos\nsystem\n".utf8) + TorchFileWriter.text("touch /tmp/koine-was-here") + [
        0x85, 0x52,
      ]
    let url = try file(
      TorchFileWriter.dictionary([
        ("evil", call), ("good", TorchFileWriter.tensor("0", 6, 0, [6], [1])),
      ]))
    defer { try? FileManager.default.removeItem(at: url) }
    #expect(try TorchFile(url).names == ["good"])
    #expect(!FileManager.default.fileExists(atPath: "/tmp/koine-was-here"))
  }

  @Test("what leaves its storage, what is cut short and what is no such file is refused")
  func refuses() throws {
    for (shape, offset) in [([7], 0), ([6], 1), ([2], 200)] {
      let url = try file(
        TorchFileWriter.dictionary([("t", TorchFileWriter.tensor("0", 6, offset, shape, [1]))]))
      defer { try? FileManager.default.removeItem(at: url) }
      #expect(throws: TorchError.self) { try TorchFile(url) }
    }
    let url = try file(
      TorchFileWriter.dictionary([("t", TorchFileWriter.tensor("0", 6, 0, [6], [1]))]))
    defer { try? FileManager.default.removeItem(at: url) }
    let whole = try Data(contentsOf: url)
    for count in stride(from: 1, to: whole.count, by: 3) {
      try whole.prefix(count).write(to: url)
      #expect(throws: TorchError.self, "cut at \(count)") { try TorchFile(url) }
    }
    // Any changed byte gives an error or tensors, never a crash.
    for index in whole.indices {
      var changed = whole
      changed[index] ^= 0xff
      try changed.write(to: url)
      if let file = try? TorchFile(url) {
        for name in file.names { _ = try? file.tensor(name) }
      }
    }
    let error = #expect(throws: TorchError.self) {
      try Data("\u{80}\u{2}cfoo".utf8).write(to: url)
      _ = try TorchFile(url)
    }
    #expect(error?.message.contains("save it as safetensors") == true)
  }
}
