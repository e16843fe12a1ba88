// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Gathers the rows of many requests into batches for a model that takes one batch, or a few, at a time.
///
/// A batch starts as soon as the model has a lane free; what arrives meanwhile forms the next one
/// (continuous batching). Each row is answered exactly once, in its request's order. A request
/// whose task is cancelled leaves the queue at once.
final class TokenBatcher: Sendable {
  /// Runs one batch and returns one row of numbers for each entry, in the entries' order.
  typealias Compute = @Sendable (Batch) async throws -> [[Float]]

  private struct Pending {
    var continuation: CheckedContinuation<[[Float]], any Error>
    var results: [[Float]]
    var missing: Int
    let arrival: ContinuousClock.Instant
    var hasStarted = false
  }

  private struct State {
    var queue: BatchQueue
    var pending: [UInt64: Pending] = [:]
    var lastRequest: UInt64 = 0
    /// Lanes that run batches.
    var running = 0
    var isWaiting = false
    var refusal: ServingError?
  }

  private let state: Mutex<State>
  private let limits: BatchLimits
  private let lanes: Int
  private let metrics: ServerMetrics
  private let compute: Compute
  private let clock = ContinuousClock()

  /// A batcher for one model, which runs up to `lanes` batches at once.
  init(
    limits: BatchLimits, lanes: Int = 1, metrics: ServerMetrics, compute: @escaping Compute
  ) {
    self.limits = limits
    self.lanes = max(1, lanes)
    self.metrics = metrics
    self.compute = compute
    state = Mutex(State(queue: BatchQueue(limits: limits)))
  }

  /// How many rows wait for a batch.
  var queuedRows: Int { state.withLock { $0.queue.rowCount } }

  /// How many requests wait for an answer.
  var pendingRequests: Int { state.withLock { $0.pending.count } }

  /// The model's answers to a request's rows, in their order.
  ///
  /// - Throws: ``ServingError`` of code `overloaded` where the queue is full, `backend` where the
  ///   model failed, or what ``stop(because:)`` was given; `CancellationError` where the task was
  ///   cancelled.
  func submit(_ rows: [BatchRow], for work: BatchWork) async throws -> [[Float]] {
    guard !rows.isEmpty else { return [] }
    let id = state.withLock { state in
      state.lastRequest += 1
      return state.lastRequest
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        enqueue(rows, for: work, request: id, continuation)
      }
    } onCancel: {
      finish(id, throwing: CancellationError())
    }
  }

  /// Answers everything that waits, and everything that comes later, with an error.
  func stop(because error: ServingError) {
    let pending = state.withLock { state in
      state.refusal = error
      state.queue = BatchQueue(limits: limits)
      defer { state.pending = [:] }
      return state.pending.sorted { $0.key < $1.key }
    }
    metrics.queueSize.set(0)
    for (_, request) in pending { request.continuation.resume(throwing: error) }
  }

  private func enqueue(
    _ rows: [BatchRow], for work: BatchWork, request id: UInt64,
    _ continuation: CheckedContinuation<[[Float]], any Error>
  ) {
    enum Next { case nothing, run, wait }
    let outcome: Result<Next, any Error> = state.withLock { state in
      // Checked under the lock: a cancellation from here on waits for it and finds the request.
      if Task.isCancelled { return .failure(CancellationError()) }
      if let refusal = state.refusal { return .failure(refusal) }
      do {
        try state.queue.append(rows, for: work, request: id)
      } catch {
        return .failure(error)
      }
      state.pending[id] = Pending(
        continuation: continuation, results: Array(repeating: [], count: rows.count),
        missing: rows.count, arrival: clock.now)
      metrics.queueSize.set(state.queue.rowCount)
      // All lanes are busy: the first that is free takes what waits.
      if state.running >= lanes { return .success(.nothing) }
      if limits.maximumWait > .zero, !state.queue.fillsBatch {
        defer { state.isWaiting = true }
        return .success(state.isWaiting ? .nothing : .wait)
      }
      state.running += 1
      return .success(.run)
    }
    switch outcome {
    case .failure(let error): continuation.resume(throwing: error)
    case .success(.nothing): break
    // Detached: a batch serves many requests and must not inherit one's cancellation. High: while
    // the next batch waits for a thread behind requests that are read or written, the model idles.
    case .success(.run): Task.detached(priority: .high) { await self.run() }
    case .success(.wait): Task.detached(priority: .high) { await self.runAfterWait() }
    }
  }

  private func runAfterWait() async {
    try? await Task.sleep(for: limits.maximumWait)
    let starts = state.withLock { state in
      state.isWaiting = false
      guard state.running < lanes else { return false }
      state.running += 1
      return true
    }
    if starts { await run() }
  }

  /// Another lane, where there is a free one and more waits than the batch that was just taken.
  private func startAnotherLane() {
    let starts = state.withLock { state in
      guard state.running < lanes, state.queue.rowCount > 0 else { return false }
      state.running += 1
      return true
    }
    if starts { Task.detached(priority: .high) { await self.run() } }
  }

  /// Runs batches until none is left.
  private func run() async {
    while let batch = nextBatch() {
      startAnotherLane()
      let start = clock.now
      do {
        let results = try await compute(batch)
        guard results.count == batch.entries.count else {
          throw ServingError(
            .backend,
            "the model answered \(results.count) rows to a batch of \(batch.entries.count)")
        }
        metrics.inferenceDuration.observe(clock.now - start)
        deliver(results, of: batch)
      } catch {
        metrics.inferenceDuration.observe(clock.now - start)
        for entry in batch.entries { finish(entry.request, throwing: error) }
      }
    }
  }

  private func nextBatch() -> Batch? {
    state.withLock { state in
      guard let batch = state.queue.next() else {
        state.running -= 1
        return nil
      }
      metrics.queueSize.set(state.queue.rowCount)
      metrics.batchRows.observe(Double(batch.entries.count))
      metrics.batchTokens.observe(Double(batch.tokenCount))
      let now = clock.now
      for entry in batch.entries {
        guard let request = state.pending[entry.request], !request.hasStarted else { continue }
        state.pending[entry.request]?.hasStarted = true
        metrics.queueDuration.observe(now - request.arrival)
      }
      return batch
    }
  }

  private func deliver(_ results: [[Float]], of batch: Batch) {
    var finished: [Pending] = []
    state.withLock { state in
      for (entry, result) in zip(batch.entries, results) {
        // A request that is gone was cancelled, or failed with an earlier batch.
        guard state.pending[entry.request] != nil else { continue }
        state.pending[entry.request]?.results[entry.index] = result
        state.pending[entry.request]?.missing -= 1
        guard state.pending[entry.request]?.missing == 0 else { continue }
        if let done = state.pending.removeValue(forKey: entry.request) { finished.append(done) }
      }
    }
    for request in finished { request.continuation.resume(returning: request.results) }
  }

  private func finish(_ id: UInt64, throwing error: any Error) {
    let request = state.withLock { state in
      state.queue.remove(request: id)
      metrics.queueSize.set(state.queue.rowCount)
      return state.pending.removeValue(forKey: id)
    }
    request?.continuation.resume(throwing: error)
  }
}
