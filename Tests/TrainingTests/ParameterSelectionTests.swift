// SPDX-License-Identifier: Apache-2.0

import Testing
import Torch

@testable import Training

@Suite struct ParameterSelectionTests {
  private func parameters() throws -> [TrainedParameter] {
    let names = [
      "roberta.embeddings.word_embeddings.weight", "roberta.encoder.layer.0.output.dense.weight",
      "roberta.encoder.layer.0.output.dense.bias", "roberta.encoder.layer.1.output.dense.weight",
      "roberta.encoder.layer.1.output.dense.bias", "roberta.encoder.layer.10.output.dense.bias",
    ]
    let body = try names.map { TrainedParameter($0, try Tensor([Float(0)])) }
    return body + [TrainedParameter("classifier.weight", try Tensor([Float(0)]), isHead: true)]
  }

  private func chosen(_ change: (inout ParameterSelection) -> Void) async throws -> [String] {
    var selection = ParameterSelection()
    change(&selection)
    let fixed = selection
    return try await Compute.run { try fixed.apply(to: parameters()).map(\.name) }
  }

  @Test("layers are told from names, for every family")
  func depths() async throws {
    let found = try await Compute.run {
      let tensor = try Tensor([Float(0)])
      return [
        "shared.weight", "encoder.block.4.layer.0.SelfAttention.q.weight",
        "decoder.layers.2.fc1.bias",
        "encoder.final_layer_norm.weight", "bert.encoder.layer.11.output.LayerNorm.bias",
      ].map { TrainedParameter($0, tensor).depth }
    }
    #expect(found == [0, 5, 3, nil, 12])
  }

  @Test("the last layers, biases and patterns are chosen; heads stay")
  func selects() async throws {
    #expect(
      try await chosen { $0.lastLayers = 1 }
        == ["roberta.encoder.layer.10.output.dense.bias", "classifier.weight"])
    #expect(try await chosen { $0.onlyBiases = true }.count == 4)
    #expect(try await chosen { $0.frozen = ["*embeddings*", "*.layer.?.*"] }.count == 2)
    #expect(
      try await chosen { $0.tuned = ["*.layer.1.*.bias"] }
        == ["roberta.encoder.layer.1.output.dense.bias", "classifier.weight"])
    #expect(try await chosen { $0.frozen = ["classifier.*"] }.count == 6)
  }

  @Test("a pattern that fits nothing, and nothing left to train, are errors")
  func refuses() async throws {
    await #expect(throws: TrainingError.self) { try await chosen { $0.frozen = ["decoder.*"] } }
    await #expect(throws: TrainingError.self) { try await chosen { $0.frozen = ["*"] } }
  }
}
