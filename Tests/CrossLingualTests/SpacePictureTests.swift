// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import Testing
import VectorWorld
import WordVectors

@Suite struct SpacePictureTests {
  private func picture(
    _ tables: [(name: String, table: VectorTable)], limit: Int = 3000
  ) async throws -> SpacePicture {
    try await TensorMatrixEngine.run(threads: 1) { engine in
      try SpacePicture(tables, limit: limit, neighbors: 3, engine: engine)
    }
  }

  @Test("translations are neighbours in a shared space, and a word is none of its own")
  func neighbors() async throws {
    let (source, target) = try TwinSpaces.make(count: 120)
    let outcome = try MapTrainer(MapRecipe()).train(
      source, target, dictionary: TwinSpaces.pairs(0..<60))
    let mapped = try source.replacingVectors(outcome.source.apply(to: source.vectors))
    let other = try target.replacingVectors(outcome.target.apply(to: target.vectors))
    let picture = try await picture([("a", mapped), ("b", other)], limit: 100)
    #expect(picture.languages.map(\.words.count) == [100, 100])
    let first = picture.languages[0]
    #expect(first.neighbors[1].enumerated().filter { $0 == $1.first?.index }.count > 95)
    #expect(
      first.neighbors[0].enumerated().allSatisfy { word, list in
        list.count == 3 && !list.contains { $0.index == word }
      })
    #expect(try #require(first.mutualShares[1]) > 0.95 && first.mutualShares[0] == nil)
    #expect(picture.variance > 0.1 && picture.variance <= 1)
  }

  @Test("languages of other dimensions are refused")
  func dimensions() async throws {
    let (source, _) = try TwinSpaces.make(count: 20)
    let (other, _) = try TwinSpaces.make(count: 20, dimension: 5)
    await #expect(throws: WordVectorError.self) {
      _ = try await picture([("a", source), ("b", other)])
    }
    await #expect(throws: WordVectorError.self) { _ = try await picture([]) }
  }
}
