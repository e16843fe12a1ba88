// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Serving

@Suite("The batch queue", .timeLimit(.minutes(1)))
struct BatchQueueTests {
  private func limits(tokens: Int = 64, rows: Int = 8, queue: Int = 10_000) -> BatchLimits {
    var limits = BatchLimits()
    limits.maximumTokens = tokens
    limits.maximumRows = rows
    limits.maximumQueuedRows = queue
    return limits
  }

  private func rows(_ lengths: [Int]) -> [BatchRow] {
    lengths.map { BatchRow(tokens: Array(repeating: 1, count: $0)) }
  }

  /// Outside of the macros, which cannot call what mutates.
  private func next(_ queue: inout BatchQueue) -> Batch? { queue.next() }

  @Test("answers each row once, in batches within the limits, longest first", arguments: 0..<40)
  func properties(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var queue = BatchQueue(limits: limits())
    var expected: [UInt64: [Int]] = [:]
    var answered: [UInt64: [Int]] = [:]
    var works: [UInt64: BatchWork] = [:]
    var id: UInt64 = 0
    for _ in 0..<60 {
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        id += 1
        let lengths = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
          Int.random(in: 0...80, using: &generator)
        }
        works[id] = Bool.random(using: &generator) ? .embed : .classify
        try queue.append(rows(lengths), for: works[id] ?? .embed, request: id)
        expected[id] = lengths
      }
      take(queue.next())
    }
    while let batch = queue.next() { take(batch) }
    #expect(queue.rowCount == 0)
    #expect(queue.tokenCount == 0)
    #expect(answered.mapValues(\.count) == expected.mapValues(\.count))
    for (id, lengths) in expected { #expect(answered[id]?.sorted() == lengths.sorted()) }

    func take(_ batch: Batch?) {
      guard let batch else { return }
      let lengths = batch.entries.map(\.row.tokens.count)
      #expect(lengths.count <= 8)
      #expect(lengths.reduce(0, +) <= 64 || lengths.count == 1)
      #expect(batch.tokenCount == lengths.reduce(0, +))
      #expect(lengths == lengths.sorted(by: >))
      for entry in batch.entries {
        #expect(works[entry.request] == batch.work)
        #expect(expected[entry.request]?[entry.index] == entry.row.tokens.count)
        answered[entry.request, default: []].append(entry.row.tokens.count)
      }
    }
  }

  @Test("lets a small request into the very next batch, whatever stands before it")
  func fairness() throws {
    var queue = BatchQueue(limits: limits())
    try queue.append(rows(Array(repeating: 8, count: 1000)), for: .embed, request: 1)
    #expect(next(&queue)?.entries.count == 8)
    try queue.append(rows([8]), for: .embed, request: 2)
    let batch = try #require(next(&queue))
    #expect(batch.entries.contains { $0.request == 2 })
    #expect(batch.entries.filter { $0.request == 1 }.count == 7)
  }

  @Test("shares a batch evenly between large requests")
  func sharing() throws {
    var queue = BatchQueue(limits: limits())
    for id in 1...4 as ClosedRange<UInt64> {
      try queue.append(rows(Array(repeating: 2, count: 50)), for: .embed, request: id)
    }
    let batch = try #require(next(&queue))
    for id in 1...4 as ClosedRange<UInt64> {
      #expect(batch.entries.filter { $0.request == id }.count == 2)
    }
  }

  @Test("gives a row that is longer than any batch one of its own, and soon")
  func longRow() throws {
    var queue = BatchQueue(limits: limits())
    try queue.append(rows([4, 4, 4]), for: .embed, request: 1)
    try queue.append(rows([500]), for: .embed, request: 2)
    for id in 3...30 as ClosedRange<UInt64> {
      try queue.append(rows([4, 4, 4]), for: .embed, request: id)
    }
    #expect(next(&queue)?.entries.contains { $0.request == 2 } == false)
    let second = try #require(next(&queue))
    #expect(second.entries.map(\.request) == [2])
  }

  @Test("does not let one kind of work starve the other")
  func kinds() throws {
    var queue = BatchQueue(limits: limits())
    try queue.append(rows(Array(repeating: 8, count: 100)), for: .embed, request: 1)
    try queue.append(rows([8, 8]), for: .classify, request: 2)
    #expect(next(&queue)?.work == .embed)
    let second = try #require(next(&queue))
    #expect(second.work == .classify)
    #expect(second.entries.count == 2)
    #expect(next(&queue)?.work == .embed)
  }

  @Test("forgets a request that went away")
  func removal() throws {
    var queue = BatchQueue(limits: limits())
    try queue.append(rows(Array(repeating: 8, count: 20)), for: .embed, request: 1)
    try queue.append(rows([3]), for: .embed, request: 2)
    _ = queue.next()
    queue.remove(request: 1)
    #expect(queue.rowCount <= 1)
    while let batch = queue.next() { #expect(batch.entries.allSatisfy { $0.request == 2 }) }
    #expect(queue.rowCount == 0)
    #expect(queue.tokenCount == 0)
    queue.remove(request: 1)
    #expect(queue.rowCount == 0)
  }

  @Test("refuses what it cannot hold, and says how much that is")
  func bound() throws {
    var queue = BatchQueue(limits: limits(queue: 10))
    try queue.append(rows(Array(repeating: 1, count: 7)), for: .embed, request: 1)
    let error = try #require(throws: ServingError.self) {
      try queue.append(rows([1, 1, 1, 1]), for: .embed, request: 2)
    }
    #expect(error.code == .overloaded)
    #expect(error.message.contains("7") && error.message.contains("10"))
    #expect(queue.rowCount == 7)
    try queue.append(rows([1, 1, 1]), for: .embed, request: 3)
  }
}
