// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The one thread that all tensor work runs on.
///
/// libtorch's gradient mode is per thread, and each thread that calls it gets a pool of worker threads of
/// its own, so work that hopped between threads would be both wrong and slow.
///
///     let rows = try await Compute.run { try model.embed(ids) }
@globalActor
public actor Compute {
  /// The actor.
  public static let shared = Compute()

  private let executor = ThreadExecutor(name: "koine-compute")

  /// Isolated code runs on the dedicated thread.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Runs `body` on the compute thread; only `Sendable` values cross.
  @Compute
  public static func run<Result: Sendable>(
    _ body: @Compute @Sendable () throws -> Result
  ) async rethrows -> Result {
    try body()
  }

  /// Whether the caller is on the compute thread, for tests.
  static var isCurrent: Bool { shared.executor.isCurrent }
}

/// Runs jobs one after the other on a thread of its own.
final class ThreadExecutor: SerialExecutor {
  private let queue = JobQueue()

  init(name: String) {
    let queue = self.queue
    let thread = Thread { queue.drainForever() }
    thread.name = name
    thread.stackSize = 16 << 20
    thread.start()
  }

  var isCurrent: Bool { queue.isDrainedByCurrentThread }

  func enqueue(_ job: consuming ExecutorJob) {
    queue.append(UnownedJob(job), for: asUnownedSerialExecutor())
  }
}

/// Jobs that wait, behind a condition; `NSCondition` guards all state, hence the unchecked conformance.
private final class JobQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private var jobs: [(UnownedJob, UnownedSerialExecutor)] = []
  private var thread: pthread_t?

  func append(_ job: UnownedJob, for executor: UnownedSerialExecutor) {
    condition.lock()
    jobs.append((job, executor))
    condition.signal()
    condition.unlock()
  }

  var isDrainedByCurrentThread: Bool {
    condition.lock()
    defer { condition.unlock() }
    return thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false
  }

  func drainForever() {
    condition.lock()
    thread = pthread_self()
    condition.unlock()
    while true {
      condition.lock()
      while jobs.isEmpty { condition.wait() }
      let ready = jobs
      jobs.removeAll(keepingCapacity: true)
      condition.unlock()
      for (job, executor) in ready { job.runSynchronously(on: executor) }
    }
  }
}
