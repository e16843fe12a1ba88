// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Independent pieces of inference side by side, each on a thread that uses the engine alone.
///
/// Two threads that share each operation wait for each other hundreds of times in a batch. Two that each take
/// whole batches never do, and a batch's result does not depend on how many there are.
public enum Lanes {
  /// Runs `body` for each index below `count`, on ``Engine/threadCount`` threads; call it on the compute thread.
  ///
  /// The caller's gradient mode holds in all of them. With one piece there is one lane, whose operations may use
  /// all threads.
  ///
  /// - Parameters:
  ///   - count: how many pieces there are; they are begun in order.
  ///   - completed: told of each piece that is done, by one lane at a time, in any order.
  ///   - body: computes a piece. It runs on several threads at once, so it may only read what it shares.
  /// - Returns: the results in order.
  /// - Throws: what the first failing piece threw; pieces that were not yet begun are left.
  public static func map<Result>(
    _ count: Int, completed: (Int) -> Void = { _ in }, _ body: (Int) throws -> Result
  ) throws -> [Result] {
    let threads = Engine.threadCount
    let lanes = min(threads, count)
    guard lanes > 1 else {
      return try (0..<count).map { index in
        let result = try body(index)
        completed(index)
        return result
      }
    }
    try Engine.setThreadCount(1)
    let run = Run<Result>(count: count)
    let mode = GradientMode.isEnabled
    withoutActuallyEscaping(body) { body in
      withoutActuallyEscaping(completed) { completed in
        let tickets = pool(lanes - 1).map { lane in
          let ticket = Ticket {
            guard run.succeeds({ try Engine.setThreadCount(1) }) else { return }
            GradientMode.with(mode) { run.work(completed: completed, body) }
          }
          lane.run(ticket)
          return ticket
        }
        run.work(completed: completed, body)
        for ticket in tickets { ticket.wait() }
      }
    }
    try Engine.setThreadCount(threads)
    return try run.results()
  }

  /// Runs a piece of inference on a lane of its own, beside others, without gradients.
  ///
  /// For servers, which have no end to their pieces. The caller sees to it that there are no more pieces at once than
  /// threads to spare, and that the body only reads what pieces share.
  public static func run<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    let lane = free.with { $0.popLast() } ?? LaneThread("koine-served-lane")
    return try await withCheckedThrowingContinuation { continuation in
      lane.run(
        Ticket {
          let result = Swift.Result {
            try Engine.setThreadCount(1)
            return try GradientMode.disabled(body)
          }
          free.with { $0.append(lane) }
          continuation.resume(with: result)
        })
    }
  }

  // MARK: Threads

  /// Lanes of ``run(_:)`` that have nothing to do.
  private static let free = Guarded<[LaneThread]>([])
  private static let threads = Guarded<[LaneThread]>([])

  private static func pool(_ count: Int) -> [LaneThread] {
    threads.with { threads in
      while threads.count < count { threads.append(LaneThread("koine-lane-\(threads.count + 2)")) }
      return Array(threads.prefix(count))
    }
  }
}

/// The pieces of one call: which is next, what came of each, and the first failure.
private final class Run<Result>: @unchecked Sendable {
  // A lock guards all state, hence the unchecked conformance.
  private let lock = NSLock()
  private var next = 0
  private var found: [Result?]
  private var failure: (index: Int, error: any Error)?

  init(count: Int) { found = Array(repeating: nil, count: count) }

  func work(completed: (Int) -> Void, _ body: (Int) throws -> Result) {
    while let index = begin() {
      do {
        let result = try body(index)
        lock.withLock {
          found[index] = result
          completed(index)
        }
      } catch {
        fail(index, error)
      }
    }
  }

  func succeeds(_ body: () throws -> Void) -> Bool {
    do {
      try body()
      return true
    } catch {
      fail(-1, error)
      return false
    }
  }

  func results() throws -> [Result] {
    if let failure { throw failure.error }
    return found.compactMap { $0 }
  }

  private func begin() -> Int? {
    lock.withLock {
      guard failure == nil, next < found.count else { return nil }
      next += 1
      return next - 1
    }
  }

  private func fail(_ index: Int, _ error: any Error) {
    lock.withLock {
      if let failure, failure.index <= index { return }
      failure = (index, error)
    }
  }
}

/// Work that a lane does once, and that the caller waits for.
private final class Ticket: @unchecked Sendable {
  // Written before the lane has the ticket and by the lane alone after, hence the unchecked conformance.
  private var work: (() -> Void)?
  private let done = DispatchSemaphore(value: 0)

  init(_ work: @escaping () -> Void) { self.work = work }

  func run() {
    call()
    // The caller's closures do not escape: nothing may hold them when it goes on.
    work = nil
    done.signal()
  }

  func wait() { done.wait() }

  @inline(never) private func call() { work?() }
}

/// A thread that waits for work and lives as long as the process.
private final class LaneThread: Sendable {
  private let tickets = Guarded<[Ticket]>([])
  private let ready = DispatchSemaphore(value: 0)

  init(_ name: String) {
    let (tickets, ready) = (self.tickets, self.ready)
    let thread = Thread {
      while true {
        ready.wait()
        tickets.with { $0.removeFirst() }.run()
      }
    }
    thread.name = name
    thread.stackSize = 16 << 20
    thread.start()
  }

  func run(_ ticket: Ticket) {
    tickets.with { $0.append(ticket) }
    ready.signal()
  }
}

/// A value behind a lock.
private final class Guarded<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  init(_ value: Value) { self.value = value }

  func with<Result>(_ body: (inout Value) -> Result) -> Result {
    lock.withLock { body(&value) }
  }
}
