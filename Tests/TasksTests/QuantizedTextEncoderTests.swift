// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Testing
import Torch
import Transformers

@Suite struct QuantizedTextEncoderTests {
  private static func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-int8-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test(
    "a text encoder in int8 gives nearly the vectors of single precision, and follows its weights")
  func vectors() async throws {
    try await Compute.run {
      let folder = try Self.folder()
      defer { try? FileManager.default.removeItem(at: folder) }
      let body = try TinyBody()
      for parameter in body.parameters.parameters where parameter.name.contains("dense") {
        try parameter.tensor.scale(by: 4)
      }
      try body.write(to: folder)
      let exact = try TextEncoder(directory: folder, prefix: .none)
      let int8 = try #require(
        try SentenceEncoders.open(folder, prefix: .none, isQuantized: true) as? TextEncoder)
      let texts = ["sun sea", "ice what snow frost", "aa bb cc", "sand"]
      func vectors(_ encoder: TextEncoder) throws -> [Float] {
        try encoder.embed(encoder.rows(texts)).elements(as: Float.self)
      }
      let (left, right) = (try vectors(exact), try vectors(int8))
      #expect(left != right)
      for row in texts.indices {
        let cosine = (row * 32..<(row + 1) * 32).reduce(Float(0)) { $0 + left[$1] * right[$1] }
        #expect(cosine > 0.998)
      }
      // A weight that changes is quantised anew.
      for parameter in int8.parameters.parameters where parameter.name.contains("dense") {
        try parameter.tensor.scale(by: 1.5)
      }
      #expect(try vectors(int8) != right)
    }
  }

  @Test("word vectors in int8 are refused")
  func refusesWordVectors() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("{}".utf8).write(to: folder.appendingPathComponent(StaticEncoder.manifestFile))
    #expect {
      try SentenceEncoders.open(folder, isQuantized: true)
    } throws: { error in
      "\(error)".contains("leave int8 out")
    }
  }
}
