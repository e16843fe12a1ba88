// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Transformers

/// Encoders whose tokens see only those up to themselves.
@Suite(.serialized) struct CausalEncoderTests {
  private static let rows: [[Int32]] = [
    [4, 5, 6, 7, 2], [9, 10, 2], [11, 12, 13, 14, 15, 16, 2],
  ]

  /// An encoder, and its parameters with those of an adapter where it has one.
  private struct Model {
    var plain: Encoder
    var parameters: [ParameterStore.Parameter]

    var causal: Encoder {
      var causal = plain
      causal.isCausal = true
      return causal
    }

    @Compute
    init(_ folder: URL, _ kind: TinyModel, adapter: Adapter.Kind? = nil) throws {
      try kind.write(to: folder)
      let checkpoint = try EncoderCheckpoint(folder)
      plain = try checkpoint.encoder()
      parameters = checkpoint.store.parameters
      guard let adapter else { return }
      let made = try plain.makeAdapter(adapter, name: "a")
      for parameter in made.parameters {
        try parameter.tensor.copy(from: Tensor.normal(parameter.tensor.shape))
      }
      plain = try plain.adapted(by: .single(made))
      parameters += made.parameters
    }

    /// The gradients of a sum that weighs each number of the states by its place.
    @Compute
    func slopes(_ body: () throws -> Tensor) throws -> [[Float]] {
      for parameter in parameters { try parameter.tensor.setRequiresGradient() }
      let states = try body()
      let weights = (0..<states.count).map { Float($0 % 7) - 2.5 }
      try states.multiplied(by: Tensor(weights, shape: states.shape)).sum().backward()
      return try parameters.map { parameter in
        let values = try parameter.tensor.gradient()?.elements(as: Float.self) ?? []
        try parameter.tensor.clearGradient()
        try parameter.tensor.setRequiresGradient(false)
        return values
      }
    }

    /// The causal states of a row by the plain encoder: for each layer and each token the layer's output for the row up to that
    /// token, whose last state sees just what it may.
    @Compute
    func direct(_ row: [Int32]) throws -> Tensor {
      let whole = try PackedBatch([row], for: plain.configuration)
      var states = try plain.states(whole, through: 0)  // [tokens, hidden]
      for layer in 0..<plain.configuration.layerCount {
        var next: [Tensor] = []
        for end in 1...row.count {
          let batch = try PackedBatch([Array(row.prefix(end))], for: plain.configuration)
          let part = try states.narrowed(0, start: 0, length: end)
          let seen = try plain.states(part, batch, layers: layer..<layer + 1)
          next.append(try seen.narrowed(0, start: end - 1, length: 1))
        }
        states = try Tensor.concatenated(next)
      }
      return states
    }
  }

  private static func distance(_ one: Tensor, _ other: Tensor) throws -> Float {
    try distance(one.elements(as: Float.self), other.elements(as: Float.self))
  }

  private static func distance(_ one: [Float], _ other: [Float]) -> Float {
    zip(one, other).map { abs($0 - $1) }.max() ?? .infinity
  }

  /// The kinds of encoder, plain and behind a prefix, which all tokens see.
  private static let cases: [(TinyModel, Int)] = [(.bert, 0), (.xlmRoberta, 0), (.bert, 3)]

  @Test("states and gradients are those of rows that end at each token", arguments: cases)
  func direct(kind: TinyModel, prefix: Int) async throws {
    try await withFolder { folder in
      try await Compute.run {
        let model = try Model(
          folder, kind, adapter: prefix > 0 ? .prefix(PrefixConfiguration(length: prefix)) : nil)
        let causal = model.causal
        for row in Self.rows {
          let batch = try PackedBatch([row], for: causal.configuration)
          #expect(try Self.distance(causal(batch), model.direct(row)) < 1e-4)
          // A row sees all of itself where it is not causal.
          #expect(try Self.distance(model.plain(batch), model.direct(row)) > 1e-2)
          let found = try model.slopes { try causal(batch) }
          let expected = try model.slopes { try model.direct(row) }
          for (parameter, (one, other)) in zip(model.parameters, zip(found, expected)) {
            #expect(one.count == other.count, "\(parameter.name)")
            let largest = other.map(abs).max() ?? 0
            #expect(
              one.isEmpty || Self.distance(one, other) <= 1e-4 * max(1, largest),
              "\(parameter.name)")
          }
        }
      }
    }
  }

  @Test("a later token changes no earlier state, whatever the layout and the company")
  func looksBack() async throws {
    try await withFolder { folder in
      try await Compute.run {
        let model = try Model(folder, .xlmRoberta)
        let layouts: [Encoder] = [
          model.causal, try model.causal.packed(), try model.causal.quantized(),
        ]
        try GradientMode.disabled {
          for causal in layouts {
            let all = try PackedBatch(Self.rows, for: causal.configuration)
            let states = try causal(all)
            for (number, row) in Self.rows.enumerated() {
              var changed = row
              changed[row.count - 1] = 30
              let batch = try PackedBatch([changed], for: causal.configuration)
              let alone = try causal(batch)
              let own = try states.narrowed(
                0, start: all.firstTokens[number], length: row.count)
              let kept = row.count - 1
              let before = try own.narrowed(0, start: 0, length: kept)
              let after = try alone.narrowed(0, start: 0, length: kept)
              #expect(try Self.distance(before, after) < 1e-4)
              #expect(try Self.distance(own, alone) > 1e-2)
            }
          }
        }
        #expect(
          try model.causal.allStates(PackedBatch([Self.rows[0]], for: model.plain.configuration))
            .count == 3)
      }
    }
  }

  @Test("layers that are computed again give the same gradients")
  func checkpointed() async throws {
    try await withFolder { folder in
      try await Compute.run {
        let model = try Model(folder, .bert)
        var again = model.causal
        again.checkpointsActivations = true
        let batch = try PackedBatch(Self.rows, for: again.configuration)
        let (one, other) = (
          try model.slopes { try model.causal(batch) }, try model.slopes { try again(batch) }
        )
        for (one, other) in zip(one, other) {
          #expect(one.isEmpty || Self.distance(one, other) < 1e-4)
        }
      }
    }
  }
}
