// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// One body that answers several tasks in one pass: rows of different tasks go through it in the same batches, each with its
/// own adapters or none, and each task's head reads the states of its own rows.
///
/// Rows that are equal and use the same adapters go through the body once, however many heads read them.
///
///     let shared = SharedBody(try encoder.packed(), rows)
///     let (topics, tags) = try shared.predict(
///       TaskRequest(topic, topicHead, adapters: .single(topicAdapter), inputs: texts),
///       TaskRequest(tagging, tagHead, inputs: sentences))
///
/// Not `Sendable`: it holds tensors and lives on the compute thread.
public struct SharedBody {
  /// The body, without adapters of its own; it may be one laid out for inference (``Encoder/packed()``,
  /// ``Encoder/quantized()``).
  public let body: Encoder
  /// Makes token ids.
  public let rows: RowEncoder

  /// A body with the tokenizer that makes its rows.
  public init(_ body: Encoder, _ rows: RowEncoder) {
    self.body = body
    self.rows = rows
  }

  /// The answers to each request's examples, in their order.
  ///
  /// - Parameters:
  ///   - requests: one of each task.
  ///   - progress: is told of the tokens that have gone through the body, batch by batch.
  public func predict<each Task: TuningTask>(
    _ requests: repeat TaskRequest<each Task>, progress: (Int) -> Void = { _ in }
  ) throws -> (repeat [(each Task).Prediction]) {
    let pending = (repeat try PendingTask(each requests, rows))
    var all: [any PendingRequest] = []
    for request in repeat each pending { all.append(request) }
    try run(all, progress: progress)
    return (repeat try (each pending).predictions())
  }

  /// The answers to requests of one kind of task, as one topic model for each customer.
  public func predict<Task: TuningTask>(
    all requests: [TaskRequest<Task>], progress: (Int) -> Void = { _ in }
  ) throws -> [[Task.Prediction]] {
    let pending = try requests.map { try PendingTask($0, rows) }
    try run(pending, progress: progress)
    return try pending.map { try $0.predictions() }
  }

  /// Sends all rows through the body and lets each request's head read its own.
  private func run(_ requests: [any PendingRequest], progress: (Int) -> Void) throws {
    let pass = SharedPass(requests)
    let batches = TokenBatches(
      lengths: pass.items.map(\.tokenCount), tokenLimit: TokenBatches.inferenceTokenLimit
    ).batches
    try GradientMode.disabled {
      _ = try Lanes.map(
        batches.count,
        completed: { progress(batches[$0].reduce(0) { $0 + pass.items[$1].tokenCount }) }
      ) { index in
        let items = batches[index].map { pass.items[$0] }
        let states = try SharedStates(items, pass.compositions, body)
        for (number, request) in requests.enumerated() {
          let readers = items.indices.flatMap { item in
            items[item].readers.filter { $0.request == number }.map { (item, $0.feature) }
          }
          guard !readers.isEmpty else { continue }
          try request.read(
            readers.map(\.1), rowsOf: readers.map(\.0), states, body.configuration)
        }
      }
    }
  }
}
