// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// A body and a head that answer a task's examples.
///
/// Not `Sendable`: it holds tensors and lives on the compute thread.
public struct TaskPredictor<Task: TuningTask> {
  /// The task.
  public let task: Task
  /// Makes token ids.
  public let rows: RowEncoder
  /// The body.
  public let body: Encoder
  /// The head.
  public let head: TaskHead

  /// A predictor of a task's body and head; the body may be one laid out for inference (``Encoder/packed()``).
  public init(_ task: Task, _ body: Encoder, _ head: TaskHead, _ rows: RowEncoder) {
    self.task = task
    self.body = body
    self.head = head
    self.rows = rows
  }

  /// The answers to examples, in their order.
  ///
  /// - Parameters:
  ///   - inputs: the examples.
  ///   - progress: is told of the tokens of each batch.
  public func predict(
    _ inputs: [Task.Input], progress: (Int) -> Void = { _ in }
  ) throws -> [Task.Prediction] {
    var features: [Task.Feature] = []
    var ranges: [Range<Int>] = []
    for input in inputs {
      let start = features.count
      features += try task.features(of: input, gold: nil, rows)
      ranges.append(start..<features.count)
    }
    let outputs = try outputs(of: features, progress: progress)
    return try zip(inputs, ranges).map { input, range in
      try task.prediction(Array(outputs[range]), Array(features[range]), input)
    }
  }

  /// What the head says of features, in their order.
  private func outputs(
    of features: [Task.Feature], progress: (Int) -> Void
  ) throws -> [Task.Output] {
    let lengths = features.map { $0.rows.reduce(0) { $0 + $1.ids.count } }
    let batches = TokenBatches(
      lengths: lengths, tokenLimit: TokenBatches.inferenceTokenLimit
    ).batches
    return try GradientMode.disabled {
      let parts = try Lanes.map(
        batches.count, completed: { progress(batches[$0].reduce(0) { $0 + lengths[$1] }) }
      ) { index in
        let batch = try TaskBatch(
          batches[index].map { features[$0] }, for: body.configuration)
        return try task.outputs(body(batch.packed), batch, head)
      }
      var result = [Task.Output?](repeating: nil, count: features.count)
      for (batch, outputs) in zip(batches, parts) {
        for (index, output) in zip(batch, outputs) { result[index] = output }
      }
      return result.compactMap(\.self)
    }
  }

  /// The mean loss of features that were made with gold, without gradients; to stop training by.
  public func loss(_ features: [Task.Feature], _ settings: LossSettings = LossSettings()) throws
    -> Double
  {
    let lengths = features.map { $0.rows.reduce(0) { $0 + $1.ids.count } }
    return try GradientMode.disabled {
      var (total, weight) = (0.0, 0.0)
      for indices in TokenBatches(lengths: lengths) {
        let batch = try TaskBatch(indices.map { features[$0] }, for: body.configuration)
        let sum = try task.loss(body(batch.packed), batch, head, settings)
        total += try sum.total.item()
        weight += sum.weight
      }
      return weight == 0 ? 0 : total / weight
    }
  }
}
