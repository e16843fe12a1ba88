// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Transformers

/// The loss of encoder-decoders: what it counts, and what must not change it.
@Suite(.serialized) struct SequenceLossTests {
  private static let sources: [[Int32]] = [[4, 5, 6, 7, 2], [8, 9, 2], [10, 11, 12, 13, 2], [2]]
  private static let labels: [[Int32]] = [
    [14, 15, 2], [16, 17, -100, 18, 2], [19, 2], [20, 21, 2],
  ]

  @Test(
    "padding, the order of rows and their company change nothing", arguments: TinyModel.sequences)
  func company(kind: TinyModel) async throws {
    try await withFolder { folder in
      try await Compute.run {
        try kind.write(to: folder)
        let model = try SequenceCheckpoint(folder).model()
        let loss = try model.loss(sources: Self.sources, labels: Self.labels).item()
        let padded = Self.labels.map { $0 + Array(repeating: -100, count: 7 - $0.count) }
        #expect(try abs(model.loss(sources: Self.sources, labels: padded).item() - loss) < 1e-5)
        #expect(
          try abs(
            model.loss(sources: Self.sources.reversed(), labels: Self.labels.reversed()).item()
              - loss) < 1e-5)
        var (sum, count) = (0.0, 0.0)
        for (source, row) in zip(Self.sources, Self.labels) {
          let counted = Double(row.count { $0 != -100 })
          sum += try model.loss(sources: [source], labels: [row]).item() * counted
          count += counted
        }
        #expect(abs(sum / count - loss) < 1e-5)
      }
    }
  }

  @Test(
    "a later label changes no earlier loss: the decoder does not look ahead",
    arguments: TinyModel.sequences)
  func causality(kind: TinyModel) async throws {
    try await withFolder { folder in
      try await Compute.run {
        try kind.write(to: folder)
        let model = try SequenceCheckpoint(folder).model()
        func states(_ target: [Int32]) throws -> [Float] {
          let pairs = try SequencePairs(
            sources: [Self.sources[0]], targets: [target], for: model.configuration)
          return try model.decode(pairs, memory: model.encode(pairs.source))
            .narrowed(0, start: 0, length: 3).elements()
        }
        let (first, other) = (try states([5, 6, 7, 8]), try states([5, 6, 7, 30]))
        #expect(zip(first, other).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(try zip(first, states([5, 6, 9, 8])).contains { abs($0 - $1) > 1e-3 })
      }
    }
  }

  @Test("smoothing spreads a share of the probability over all pieces")
  func smoothing() async throws {
    try await withFolder { folder in
      try await Compute.run {
        try TinyModel.marian.write(to: folder)
        let model = try SequenceCheckpoint(folder).model()
        let (source, row): ([Int32], [Int32]) = ([4, 5, 0], [14, 15, 0])
        let pairs = try SequencePairs(
          sources: [source], targets: model.decoderInputs(for: [row]), for: model.configuration)
        let scores = try model.logits(model.decode(pairs, memory: model.encode(pairs.source)))
          .logSoftmax().unbound(0).map { try $0.elements(as: Double.self) }
        var expected = 0.0
        for (scores, label) in zip(scores, row) {
          let mean: Double = scores.reduce(0, +) / Double(scores.count)
          expected -= (0.9 * scores[Int(label)] + 0.1 * mean) / 3
        }
        let found = try model.loss(sources: [source], labels: [row], labelSmoothing: 0.1).item()
        #expect(abs(found - expected) < 1e-4)
      }
    }
  }

  @Test(
    "dropout is drawn from the seed, and every parameter learns", arguments: TinyModel.sequences)
  func dropout(kind: TinyModel) async throws {
    try await withFolder { folder in
      try await Compute.run {
        try kind.write(to: folder)
        let checkpoint = try SequenceCheckpoint(folder)
        let model = try checkpoint.model()
        for parameter in checkpoint.store.parameters {
          try parameter.tensor.setRequiresGradient()
        }
        func loss(_ seed: UInt64) throws -> Tensor {
          try Engine.seed(seed)
          return try model.loss(
            sources: Self.sources, labels: Self.labels,
            dropout: Dropout(hidden: 0.2, attention: 0.2, activation: 0.2))
        }
        let first = try loss(1)
        #expect(try loss(1).item() == first.item())
        #expect(try loss(2).item() != first.item())
        try first.backward()
        for parameter in checkpoint.store.parameters {
          let gradient = try #require(try parameter.tensor.gradient(), "\(parameter.name)")
          #expect(try gradient.isFinite(), "\(parameter.name)")
        }
        #expect(checkpoint.store.buffers.count == (kind.rawValue.hasPrefix("marian") ? 1 : 0))
      }
    }
  }
}
