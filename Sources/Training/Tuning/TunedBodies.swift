// SPDX-License-Identifier: Apache-2.0

import Tasks
import Transformers

/// A body as it learns and as it is judged, and what of it may move.
struct TunedBodies {
  /// The body without adapters, restricted to ``pieces``.
  let body: Encoder
  /// The body as it learns, with adapters' dropout.
  let learning: Encoder
  /// The body as it is judged.
  let resting: Encoder
  /// The adapters below, and the one that is trained upon them.
  let composition: AdapterComposition?
  /// The pieces that the bodies are restricted to, where words move: of a table of a quarter of a million words, only the rows that occur are
  /// held and moved.
  let pieces: PieceSubset?
  /// What the plan's selection chooses from, without a head.
  let parameters: [TrainedParameter]

  /// The bodies of a base.
  ///
  /// - Parameters:
  ///   - method: what moves.
  ///   - adapter: the adapter that is trained, where the method trains one.
  ///   - below: adapters that stay as they are below it.
  ///   - rows: all that will be read, where words move.
  init(
    _ base: TextEncoder, _ method: TuningMethod, _ adapter: Adapter?, _ below: AdapterComposition?,
    _ plan: TrainingPlan, rows: @autoclosure () -> [[Int32]]
  ) throws {
    if let adapter {
      composition = below.map { .stack([$0, .single(adapter)]) } ?? .single(adapter)
    } else {
      composition = below
    }
    let words = base.encoder.wordEmbeddings
    let own =
      method == .body
      ? base.parameters.parameters.map { TrainedParameter($0.name, $0.tensor) } : []
    let movesWords =
      try !own.isEmpty && plan.selection.apply(to: own).contains { $0.tensor === words }
    pieces = movesWords ? PieceSubset(in: rows()) : nil
    let body = try pieces.map { try base.encoder.restricted(to: $0) } ?? base.encoder
    self.body = body
    parameters =
      own.map { parameter in
        parameter.tensor === words
          ? TrainedParameter(parameter.name, body.wordEmbeddings) : parameter
      } + (adapter?.parameters ?? []).map { TrainedParameter($0.name, $0.tensor) }
    resting = try composition.map { try body.adapted(by: $0) } ?? body
    var learning = try composition.map { try body.adapted(by: $0, isTraining: true) } ?? body
    // What does not move is laid out once for all steps, but for products of another precision.
    if adapter != nil, plan.products == .float32 { learning = try learning.frozen() }
    learning.checkpointsActivations = plan.checkpointsActivations
    self.learning = learning
  }
}
