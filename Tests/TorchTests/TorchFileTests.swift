// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Torch

/// Files as `torch.save` writes them, built byte by byte.
@Suite struct TorchFileTests {
  /// A zip file with stored members.
  private func zip(_ members: [(name: String, bytes: [UInt8])]) -> Data {
    func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
    var data: [UInt8] = []
    var table: [UInt8] = []
    for (name, bytes) in members {
      let place = data.count
      // Members of float32 begin at a multiple of 4, filled up in the extra field as torch.save does.
      let extra = (4 - (place + 30 + name.utf8.count + 4) % 4) % 4 + 4
      let sizes = little(0, 4) + little(bytes.count, 4) + little(bytes.count, 4)
      let length = little(name.utf8.count, 2)
      data += [0x50, 0x4b, 3, 4]
      data += little(20, 2) + little(0, 4) + little(0, 4)
      data += sizes + length + little(extra, 2)
      data += Array(name.utf8)
      data += little(0x4246, 2) + little(extra - 4, 2)
      data += Array(repeating: 90, count: extra - 4)
      data += bytes
      table += [0x50, 0x4b, 1, 2]
      table += little(20, 2) + little(20, 2) + little(0, 4) + little(0, 4)
      table += sizes + length
      table += little(0, 2) + little(0, 2) + little(0, 8)
      table += little(place, 4)
      table += Array(name.utf8)
    }
    var end: [UInt8] = [0x50, 0x4b, 5, 6]
    end += little(0, 4) + little(members.count, 2) + little(members.count, 2)
    end += little(table.count, 4) + little(data.count, 4) + little(0, 2)
    return Data(data + table + end)
  }

  private func text(_ value: String) -> [UInt8] {
    [0x58] + (0..<4).map { UInt8(truncatingIfNeeded: value.utf8.count >> ($0 * 8)) }
      + Array(value.utf8)
  }

  /// `torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, False, OrderedDict())`.
  private func tensor(
    _ key: String, _ count: UInt8, _ offset: UInt8, _ shape: [UInt8], _ strides: [UInt8]
  )
    -> [UInt8]
  {
    func tuple(_ values: [UInt8]) -> [UInt8] {
      var result: [UInt8] = [0x28]
      for value in values { result += [0x4b, value] }
      return result + [0x74]
    }
    var result = Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8)
    result += [0x28, 0x28]
    result += text("storage")
    result += Array("ctorch\nFloatStorage\n".utf8)
    result += text(key)
    result += text("cpu")
    result += [0x4b, count, 0x74, 0x51, 0x4b, offset]
    result += tuple(shape)
    result += tuple(strides)
    result += [0x89]
    result += Array("ccollections\nOrderedDict\n".utf8)
    return result + [0x29, 0x52, 0x74, 0x52]
  }

  private func file(_ pickle: [UInt8], _ floats: [Float] = [0, 1, 2, 3, 4, 5]) throws -> URL {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-\(UUID().uuidString).bin")
    let elements = floats.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (UInt32($0) * 8)) }
    }
    try zip([("a/data.pkl", pickle), ("a/byteorder", Array("little".utf8)), ("a/data/0", elements)])
      .write(to: url)
    return url
  }

  private func dictionary(_ items: [(String, [UInt8])]) -> [UInt8] {
    var result: [UInt8] = [0x80, 2]
    result += Array("ccollections\nOrderedDict\n".utf8)
    result += [0x29, 0x52, 0x28]
    for (name, value) in items { result += text(name) + value }
    return result + [0x75, 0x2e]
  }

  @Test("tensors are read, those of another order of elements and of shared elements too")
  func reads() async throws {
    let url = try file(
      dictionary([
        ("whole", tensor("0", 6, 0, [2, 3], [3, 1])),
        ("turned", tensor("0", 6, 0, [3, 2], [1, 3])),
        ("part", tensor("0", 6, 4, [2], [1])), ("steps", [0x4b, 7]),
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
    let call = Array("cos\nsystem\n".utf8) + text("touch /tmp/koine-was-here") + [0x85, 0x52]
    let url = try file(dictionary([("evil", call), ("good", tensor("0", 6, 0, [6], [1]))]))
    defer { try? FileManager.default.removeItem(at: url) }
    #expect(try TorchFile(url).names == ["good"])
    #expect(!FileManager.default.fileExists(atPath: "/tmp/koine-was-here"))
  }

  @Test("what leaves its storage, what is cut short and what is no such file is refused")
  func refuses() throws {
    for (shape, offset) in [([UInt8](arrayLiteral: 7), UInt8(0)), ([6], 1), ([2], 200)] {
      let url = try file(dictionary([("t", tensor("0", 6, offset, shape, [1]))]))
      defer { try? FileManager.default.removeItem(at: url) }
      #expect(throws: TorchError.self) { try TorchFile(url) }
    }
    let url = try file(dictionary([("t", tensor("0", 6, 0, [6], [1]))]))
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
