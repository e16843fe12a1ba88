// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch
import Transformers

/// A request whose features wait for states, whatever its task.
protocol PendingRequest: AnyObject {
  var adapters: AdapterComposition? { get }
  var featureCount: Int { get }
  func rows(of feature: Int) -> [TokenRow]

  /// Lets the head read some features from the states of some items, one for each feature.
  func read(
    _ features: [Int], rowsOf items: [Int], _ states: SharedStates, _ body: EncoderConfiguration
  ) throws
}

/// A request of one task.
final class PendingTask<Task: TuningTask>: PendingRequest {
  private let request: TaskRequest<Task>
  private var features: [Task.Feature] = []
  private var ranges: [Range<Int>] = []
  /// What the head said of each feature; lanes write to it, hence the lock.
  private var outputs: [Task.Output?] = []
  private let lock = NSLock()

  init(_ request: TaskRequest<Task>, _ rows: RowEncoder) throws {
    self.request = request
    let rows = request.maximumLength.map { rows.limited(to: $0) } ?? rows
    for input in request.inputs {
      let start = features.count
      features += try request.task.features(of: input, gold: nil, rows)
      ranges.append(start..<features.count)
    }
    outputs = Array(repeating: nil, count: features.count)
  }

  var adapters: AdapterComposition? { request.adapters }
  var featureCount: Int { features.count }
  func rows(of feature: Int) -> [TokenRow] { features[feature].rows }

  func read(
    _ indices: [Int], rowsOf items: [Int], _ states: SharedStates, _ body: EncoderConfiguration
  ) throws {
    let chosen = indices.map { features[$0] }
    let batch = try TaskBatch(chosen, for: body)
    let own = try states(
      of: items, for: batch.packed, lengths: chosen.flatMap { $0.rows.map(\.ids.count) },
      rowCounts: chosen.map(\.rows.count))  // [tokens, hidden]
    let found = try request.task.outputs(own, batch, request.head)
    lock.withLock {
      for (index, output) in zip(indices, found) { outputs[index] = output }
    }
  }

  /// The answers, once all features are read.
  func predictions() throws -> [Task.Prediction] {
    let outputs = outputs.compactMap(\.self)
    return try zip(request.inputs, ranges).map { input, range in
      try request.task.prediction(Array(outputs[range]), Array(features[range]), input)
    }
  }
}
