// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch
import Transformers

/// How well pieces of text are guessed.
public struct LanguageModelScore: Sendable, Equatable, Codable {
  /// The mean cross-entropy, in nats.
  public var loss: Double
  /// The share of pieces that have the highest score.
  public var accuracy: Double
  /// How many pieces were guessed.
  public var count: Int
  /// e to the power of ``loss``: among how many pieces, alike in probability, the model hesitates.
  public var perplexity: Double { exp(loss) }

  /// How well a model guesses, without gradients; nil where there is nothing to guess.
  ///
  /// - Parameters:
  ///   - rows: what to guess.
  ///   - model: the model, as it is judged.
  ///   - pieces: the pieces that it is restricted to; nil for all.
  init?(_ rows: [TokenTargets], by model: MaskedLanguageModel, _ pieces: PieceSubset?) throws {
    let rows = rows.filter { !$0.places.isEmpty }
    var (loss, hits, count) = (0.0, 0, 0)
    try GradientMode.disabled {
      for indices in TokenBatches(lengths: rows.map(\.ids.count)) {
        let batch = try TargetBatch(
          indices.map { rows[$0] }, pieces, for: model.encoder.configuration)
        let part = try batch.score(model.encoder(batch.packed), model)
        (loss, hits, count) = (loss + part.loss, hits + part.hits, count + part.count)
      }
    }
    guard count > 0 else { return nil }
    self.init(
      loss: loss / Double(count), accuracy: Double(hits) / Double(count), count: count)
  }

  /// A score of its parts.
  public init(loss: Double, accuracy: Double, count: Int) {
    (self.loss, self.accuracy, self.count) = (loss, accuracy, count)
  }
}
