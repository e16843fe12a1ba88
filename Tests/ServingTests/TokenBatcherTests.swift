// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Serving

@Suite("The token batcher", .timeLimit(.minutes(1)))
struct TokenBatcherTests {
  /// Answers a row with its own tokens, after having passed the stub's gate.
  private func batcher(
    _ gate: StubModel, lanes: Int = 1, _ change: (inout BatchLimits) -> Void = { _ in }
  ) -> TokenBatcher {
    var limits = BatchLimits()
    limits.maximumTokens = 64
    limits.maximumRows = 8
    change(&limits)
    return TokenBatcher(limits: limits, lanes: lanes, metrics: ServerMetrics()) { batch in
      _ = try await gate.embed(batch.entries.map(\.row.tokens))
      return batch.entries.map { $0.row.tokens.map(Float.init) }
    }
  }

  private func rows(_ first: Int32, _ lengths: [Int]) -> [BatchRow] {
    lengths.enumerated().map { index, length in
      BatchRow(tokens: [first, Int32(index)] + Array(repeating: 1, count: length))
    }
  }

  @Test("answers every row of many callers once and in its place", arguments: 0..<5)
  func answers(_ seed: UInt64) async throws {
    let gate = StubModel()
    let batcher = batcher(gate)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<50 {
        group.addTask {
          var generator = SeededGenerator(seed: seed &* 1000 &+ UInt64(caller))
          let lengths = (0..<Int.random(in: 1...30, using: &generator)).map { _ in
            Int.random(in: 0...20, using: &generator)
          }
          let rows = rows(Int32(caller), lengths)
          let answers = try await batcher.submit(rows, for: .embed)
          #expect(answers == rows.map { $0.tokens.map(Float.init) })
        }
      }
      try await group.waitForAll()
    }
    for batch in gate.batches {
      #expect(batch.count <= 8)
      #expect(batch.count == 1 || batch.map(\.count).reduce(0, +) <= 64)
    }
    #expect(batcher.pendingRequests == 0)
    #expect(batcher.queuedRows == 0)
  }

  @Test("starts at once when idle, and gathers what arrives meanwhile")
  func continuous() async throws {
    let gate = StubModel()
    gate.hold()
    let batcher = batcher(gate)
    async let first = batcher.submit(rows(1, [3]), for: .embed)
    try await eventually("a first batch") { gate.heldBatches == 1 }
    async let second = batcher.submit(rows(2, [3, 3]), for: .embed)
    async let third = batcher.submit(rows(3, [3]), for: .embed)
    try await eventually("three rows in the queue") { batcher.queuedRows == 3 }
    gate.release()
    _ = try await (first, second, third)
    #expect(gate.batches.map(\.count) == [1, 3])
  }

  @Test("a model of two lanes gets two batches at once, never three, and one request fills both")
  func lanes() async throws {
    let gate = StubModel()
    gate.hold()
    let batcher = batcher(gate, lanes: 2)
    async let first = batcher.submit(rows(1, Array(repeating: 3, count: 20)), for: .embed)
    try await eventually("two batches") { gate.heldBatches == 2 }
    async let second = batcher.submit(rows(2, [3]), for: .embed)
    try await eventually("five rows in the queue") { batcher.queuedRows == 5 }
    #expect(gate.heldBatches == 2)
    gate.release()
    let answers = try await (first, second)
    #expect(answers.0 == rows(1, Array(repeating: 3, count: 20)).map { $0.tokens.map(Float.init) })
    #expect(answers.1.count == 1 && batcher.pendingRequests == 0)
  }

  @Test("drops the waiting rows of a cancelled request, and leaks nothing")
  func cancellation() async throws {
    let gate = StubModel()
    gate.hold()
    let batcher = batcher(gate)
    let first = Task { try await batcher.submit(rows(1, [3]), for: .embed) }
    try await eventually("a first batch") { gate.heldBatches == 1 }
    let second = Task {
      try await batcher.submit(rows(2, Array(repeating: 3, count: 40)), for: .embed)
    }
    let third = Task { try await batcher.submit(rows(3, [3]), for: .embed) }
    try await eventually("41 rows in the queue") { batcher.queuedRows == 41 }
    second.cancel()
    first.cancel()
    await #expect(throws: CancellationError.self) { try await second.value }
    await #expect(throws: CancellationError.self) { try await first.value }
    #expect(batcher.queuedRows == 1)
    gate.release()
    #expect(try await third.value.count == 1)
    #expect(gate.batches.map(\.count) == [1, 1])
    #expect(batcher.pendingRequests == 0)
  }

  @Test("refuses a task that was cancelled before it asked")
  func alreadyCancelled() async throws {
    let gate = StubModel()
    let batcher = batcher(gate)
    let task = Task {
      try? await Task.sleep(for: .seconds(60))
      return try await batcher.submit(rows(1, [3]), for: .embed)
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(gate.batches.isEmpty)
    #expect(batcher.pendingRequests == 0)
  }

  @Test("fails only those whose rows were in the failing batch, and goes on")
  func failure() async throws {
    let gate = StubModel()
    gate.hold()
    let batcher = batcher(gate)
    let bad = BatchRow(tokens: [StubModel.id("explode")])
    let first = Task {
      try await batcher.submit([bad] + rows(1, Array(repeating: 3, count: 30)), for: .embed)
    }
    try await eventually("a first batch") { gate.heldBatches == 1 }
    async let second = batcher.submit(rows(2, [3, 3]), for: .embed)
    try await eventually("a second request") { batcher.pendingRequests == 2 }
    gate.release()
    await #expect(throws: StubModel.Explosion.self) { try await first.value }
    #expect(try await second.count == 2)
    // The failing request's other rows were not worth computing.
    #expect(gate.batches.map(\.count) == [8, 2])
    #expect(batcher.pendingRequests == 0)
  }

  @Test("does not take too few answers for all")
  func tooFewAnswers() async throws {
    let batcher = TokenBatcher(limits: BatchLimits(), metrics: ServerMetrics()) { _ in [] }
    let error = try await #require(throws: ServingError.self) {
      try await batcher.submit(rows(1, [1, 1]), for: .embed)
    }
    #expect(error.code == .backend)
    #expect(error.message.contains("0 rows to a batch of 2"))
  }

  @Test("refuses what does not fit into the queue")
  func overload() async throws {
    let gate = StubModel()
    gate.hold()
    let batcher = batcher(gate) { $0.maximumQueuedRows = 10 }
    async let first = batcher.submit(rows(1, [1]), for: .embed)
    try await eventually("a first batch") { gate.heldBatches == 1 }
    let ten = Array(repeating: 1, count: 10)
    async let second = batcher.submit(rows(2, ten), for: .embed)
    try await eventually("a full queue") { batcher.queuedRows == 10 }
    let error = try await #require(throws: ServingError.self) {
      try await batcher.submit(rows(3, [1]), for: .embed)
    }
    #expect(error.code == .overloaded)
    gate.release()
    #expect(try await first.count == 1)
    #expect(try await second.count == 10)
  }

  @Test("answers all that wait with the reason when it is stopped, and later ones too")
  func stop() async throws {
    let gate = StubModel()
    gate.hold()
    let batcher = batcher(gate)
    let tasks = (1...3).map { caller in
      Task { try await batcher.submit(rows(Int32(caller), [3]), for: .embed) }
    }
    try await eventually("three requests") { batcher.pendingRequests == 3 }
    batcher.stop(because: ServerState.draining)
    for task in tasks {
      let error = try await #require(throws: ServingError.self) { try await task.value }
      #expect(error.code == .unhealthy)
    }
    gate.release()
    await #expect(throws: ServerState.draining) {
      try await batcher.submit(rows(9, [1]), for: .embed)
    }
    #expect(batcher.queuedRows == 0)
  }

  @Test("waits for company where it was told to, until the batch is full")
  func fullAfterWaiting() async throws {
    let gate = StubModel()
    let batcher = batcher(gate) { $0.maximumWait = .seconds(3600) }
    async let first = batcher.submit(rows(1, [1]), for: .embed)
    try await eventually("a waiting row") { batcher.queuedRows == 1 }
    #expect(gate.batches.isEmpty)
    async let second = batcher.submit(rows(2, Array(repeating: 1, count: 7)), for: .embed)
    _ = try await (first, second)
    #expect(gate.batches.map(\.count) == [8])
  }

  @Test("waits no longer than it was told to")
  func waitEnds() async throws {
    let gate = StubModel()
    let batcher = batcher(gate) { $0.maximumWait = .milliseconds(50) }
    let start = ContinuousClock.now
    #expect(try await batcher.submit(rows(1, [1]), for: .embed).count == 1)
    #expect(ContinuousClock.now - start >= .milliseconds(50))
  }

  @Test("answers an empty request at once")
  func empty() async throws {
    let gate = StubModel()
    #expect(try await batcher(gate).submit([], for: .embed).isEmpty)
    #expect(gate.batches.isEmpty)
  }
}
