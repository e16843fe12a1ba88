// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Testing
import Torch
import WordVectors

@testable import Transfer

@Suite struct TextVectorsTests {
  /// Gives each text its length and its first letter, counts the texts it was given, and stops after some.
  private final class CountingEncoder: SentenceEncoder {
    struct Stop: Error {}
    let directory = URL(fileURLWithPath: "/")
    let width = 2
    let prefix = TextPrefix.none
    let maximumLength = 100
    let vocabularySize = 1000
    let tokenize: @Sendable (String) -> [Int32] = { $0.utf8.map { Int32($0) } }
    var count = 0
    var limit = Int.max

    func rows(_ texts: [String], maximumLength: Int?) -> [[Int32]] { texts.map(tokenize) }
    func prepare() {}
    func embed(
      _ rows: [[Int32]], languages: [String?], normalized: Bool, progress: (Int) -> Void
    ) throws -> Tensor {
      guard count + rows.count <= limit else { throw Stop() }
      count += rows.count
      return try Tensor(
        rows.flatMap { [Float($0.count), Float($0.first ?? 0)] }, shape: [rows.count, width])
    }
  }

  private func folder() -> URL {
    FileManager.default.temporaryDirectory.appendingPathComponent("vectors-\(UUID().uuidString)")
  }

  /// The numbers of a matrix, which must live until they are copied.
  private func numbers(_ matrix: VectorMatrix) -> [Float] {
    withExtendedLifetime(matrix) { Array(matrix.elements) }
  }

  private static let texts = (0..<23).map { String(repeating: "x", count: $0 + 1) }

  @Test("a run that was stopped goes on after the last whole piece, and comes to the same")
  func goesOn() async throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    try await Compute.run {
      let encoder = CountingEncoder()
      var vectors = TextVectors(by: encoder, identity: "a", keptIn: folder) { _ in }
      vectors.pieceSize = 5
      encoder.limit = 12
      #expect(throws: CountingEncoder.Stop.self) {
        try vectors.vectors(of: Self.texts, language: nil, title: "t")
      }
      #expect(encoder.count == 10)
      // What was being written when the run ended is half a row.
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      try #require(left.count == 1 && left[0].hasSuffix(".npy.partial"))
      let partial = folder.appendingPathComponent(left[0])
      let handle = try FileHandle(forWritingTo: partial)
      try handle.seekToEnd()
      try handle.write(contentsOf: Data([1, 2, 3]))
      try handle.close()
      encoder.limit = .max
      let matrix = try vectors.vectors(of: Self.texts, language: nil, title: "t")
      #expect(encoder.count == 10 + 13)
      #expect(numbers(matrix) == Self.texts.flatMap { [Float($0.count), 120] })
      // Once whole they are used as they are; other texts, languages or encoders are others.
      _ = try vectors.vectors(of: Self.texts, language: nil, title: "t")
      #expect(encoder.count == 23)
      _ = try vectors.vectors(of: Self.texts, language: "de", title: "t")
      _ = try vectors.vectors(of: Array(Self.texts.dropLast()), language: nil, title: "t")
      #expect(encoder.count == 23 + 23 + 22)
      let other = TextVectors(by: encoder, identity: "b", keptIn: folder) { _ in }
      _ = try other.vectors(of: Self.texts, language: nil, title: "t")
      #expect(encoder.count == 68 + 23)
    }
  }

  @Test("without a folder nothing is kept, and the vectors are the same")
  func unkept() async throws {
    try await Compute.run {
      let encoder = CountingEncoder()
      let vectors = TextVectors(by: encoder, identity: "a", keptIn: nil) { _ in }
      let matrix = try vectors.vectors(of: Self.texts, language: nil, title: "t")
      #expect(numbers(matrix) == Self.texts.flatMap { [Float($0.count), 120] })
      #expect(try vectors.vectors(of: [], language: nil, title: "t").rows == 0)
    }
  }

  @Test("two runs do not write the same vectors at once, and a folder that cannot be made is told")
  func refusals() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("a.npy")
    let first = try PartialMatrix(file, width: 2)
    #expect(throws: RecipeError.self) { try PartialMatrix(file, width: 2) }
    try first.cut(to: 0)
    try first.append([1, 2])
    try first.finish()
    #expect(try numbers(VectorMatrix(numpy: file.path)) == [1, 2])
    #expect(throws: RecipeError.self) {
      try PartialMatrix(URL(fileURLWithPath: "/proc/none/a.npy"), width: 2)
    }
  }
}
