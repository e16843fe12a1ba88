// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Testing
import Torch
import Transfer

extension Golden {
  /// The base encoder that Koine fetches, against the reference's ids and vectors of 205 languages.
  @Suite(.serialized, .enabled(if: Golden.folder != nil, "no fixtures: set KOINE_GOLDENS"))
  struct E5 {
    struct Case: Decodable {
      var lang: String
      var prefix: String
      var text: String
      var ids: [Int32]
    }

    @Test("e5-small gives the reference's ids and vectors in every language")
    func matchesReference() async throws {
      let folder = try #require(Golden.folder).appendingPathComponent("e5")
      try await Compute.run {
        let encoder = try TextEncoder(directory: BaseModels.directory("e5-small"), prefix: .none)
        let data = try Data(contentsOf: folder.appendingPathComponent("cases.jsonl"))
        let cases = try data.split(separator: UInt8(ascii: "\n")).map {
          try JSONDecoder().decode(Case.self, from: Data($0))
        }
        let rows = encoder.rows(cases.map { $0.prefix + $0.text })
        for (row, item) in zip(rows, cases) { #expect(row == item.ids, "\(item.lang)") }
        let golden = try SafetensorsFile(folder.appendingPathComponent("golden.safetensors"))
        let expected = try golden.tensor("embedding")
        let cosines = try encoder.embed(rows).multiplied(by: expected).sum([1])
          .elements(as: Float.self)
        #expect(cosines.count == 205)
        #expect(cosines.allSatisfy { $0 >= 0.9999 }, "lowest cosine \(cosines.min() ?? 0)")
      }
    }
  }
}
