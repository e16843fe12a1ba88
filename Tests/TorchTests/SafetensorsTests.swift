// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Torch

@Suite final class SafetensorsTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func file(_ name: String, _ data: Data) throws -> URL {
    let url = folder.appendingPathComponent(name)
    try data.write(to: url)
    return url
  }

  private func document(_ header: String, _ payload: Int, length: UInt64? = nil) -> Data {
    var data = Data()
    withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) {
      data.append(contentsOf: $0)
    }
    return data + Data(header.utf8) + Data(count: payload)
  }

  @Test("tensors come back as they were written, and the same ones give the same bytes")
  func roundTrip() throws {
    let tensors: [(name: String, tensor: Tensor)] = [
      ("b", try Tensor([Float(1.5), -2, 3], shape: [3])),
      ("a", try Tensor([Int64(7)], shape: [])), ("empty", try Tensor([Float](), shape: [0, 4])),
    ]
    let (first, second) = (folder.appendingPathComponent("1"), folder.appendingPathComponent("2"))
    try SafetensorsFile.write(tensors, metadata: ["by \"us\"": "x"], to: first)
    try SafetensorsFile.write(tensors.reversed(), metadata: ["by \"us\"": "x"], to: second)
    #expect(try Data(contentsOf: first) == Data(contentsOf: second))
    let read = try SafetensorsFile(first)
    #expect(read.names == ["a", "b", "empty"])
    #expect(try read.tensor("b").elements(as: Float.self) == [1.5, -2, 3])
    #expect(try read.tensor("a").item() == 7)
    #expect(read.shape("empty") == [0, 4])
    #expect(read.metadata["by \"us\""] == "x")
  }

  @Test("a damaged file is refused with a sentence that names it")
  func damaged() throws {
    let header = #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    let cases: [(Data, String)] = [
      (Data(), "is empty"), (Data([1, 2, 3]), "found 3 bytes"),
      (document(header, 8, length: 1 << 40), "truncated or of another format"),
      (document("{", 8), "not the JSON object"), (document(header, 4), "truncated"),
      (document(header.replacingOccurrences(of: "[2]", with: "[3]"), 8), "takes 12 bytes"),
      (document(header.replacingOccurrences(of: "F32", with: "F4"), 8), "type F4"),
      (document(header.replacingOccurrences(of: "[0,8]", with: "[8,0]"), 8), "impossible"),
      (
        document(
          header.replacingOccurrences(of: "[2]", with: "[4611686018427387904,4]"), 8), "impossible"
      ),
    ]
    for (number, (data, sentence)) in cases.enumerated() {
      let url = try file("bad-\(number)", data)
      let error = #expect(throws: TorchError.self) { try SafetensorsFile(url) }
      #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
      #expect(error?.location == url.path)
    }
  }

  @Test("a file that cannot be written leaves nothing behind")
  func unwritable() throws {
    let place = folder.appendingPathComponent("absent/file")
    #expect(throws: TorchError.self) {
      try SafetensorsFile.write([("a", Tensor([Float(1)]))], to: place)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("a full disk gives a sentence and leaves nothing half-written")
  func fullDisk() throws {
    // A device that is always full stands in for a disk; it needs no rights to try.
    let error = #expect(throws: TorchError.self) {
      let file = try AtomicFile(folder.appendingPathComponent("x"), descriptorFor: "/dev/full")
      try file.write(Data(count: 1 << 20))
      try file.commit()
    }
    #expect(error?.message.contains("No space left") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
