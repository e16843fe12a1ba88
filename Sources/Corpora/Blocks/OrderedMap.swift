// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Works on a stream in several threads and gives the results in the stream's order.
///
/// The caller's thread reads and writes, the others compute. At most four inputs for each thread are under
/// way at a time, so memory does not grow with the stream. The results do not depend on the number of threads.
public struct OrderedMap<Input: Sendable, Output: Sendable>: Sendable {
  private let threads: Int
  private let transform: @Sendable (Input) throws -> Output

  /// A map that computes in so many threads; one works in the caller's own.
  public init(threads: Int, _ transform: @escaping @Sendable (Input) throws -> Output) {
    self.threads = max(1, threads)
    self.transform = transform
  }

  /// Runs to the end of the stream.
  ///
  /// - Parameters:
  ///   - next: gives the next input; nil at the end.
  ///   - isReady: whether `next` would answer at once; where it would wait, what is finished is handed on first.
  ///   - consume: takes each result, in order.
  /// - Throws: what one of the three or the transformation throws, after all results before it were consumed.
  public func run(
    next: () throws -> Input?, isReady: () -> Bool = { true }, consume: (Output) throws -> Void
  ) throws {
    guard threads > 1 else {
      while let input = try next() { try consume(transform(input)) }
      return
    }
    let queue = WorkQueue(transform)
    queue.start(threads)
    defer { queue.close() }
    var (taken, given) = (0, 0)
    var end: Result<Void, any Error>?
    while true {
      if end == nil, taken - given < threads * 4, taken == given || isReady() {
        do {
          if let input = try next() {
            queue.put(input, at: taken)
            taken += 1
          } else {
            end = .success(())
          }
        } catch {
          // What came before the mistake is still given.
          end = .failure(error)
        }
        while let output = queue.take(given, waits: false) {
          given += 1
          try consume(output.get())
        }
      } else if let output = queue.take(given, waits: true) {
        given += 1
        try consume(output.get())
      }
      if let end, given == taken { return try end.get() }
    }
  }
}

/// Inputs that wait for a thread, and results that wait for their turn.
///
/// Unchecked, because everything that changes is touched only while the condition is locked.
private final class WorkQueue<Input: Sendable, Output: Sendable>: @unchecked Sendable {
  private let transform: @Sendable (Input) throws -> Output
  private let condition = NSCondition()
  private var inputs: [(place: Int, input: Input)] = []
  private var outputs: [Int: Result<Output, any Error>] = [:]
  private var running = 0
  private var isClosed = false

  init(_ transform: @escaping @Sendable (Input) throws -> Output) { self.transform = transform }

  func start(_ threads: Int) {
    running = threads
    for _ in 0..<threads {
      let thread = Thread { self.work() }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  func put(_ input: Input, at place: Int) {
    condition.lock()
    inputs.append((place, input))
    condition.broadcast()
    condition.unlock()
  }

  /// The result of a place; nil where it is not there and nobody waits for it.
  func take(_ place: Int, waits: Bool) -> Result<Output, any Error>? {
    condition.lock()
    defer { condition.unlock() }
    while waits, outputs[place] == nil { condition.wait() }
    return outputs.removeValue(forKey: place)
  }

  /// Ends the threads and waits for them.
  func close() {
    condition.lock()
    isClosed = true
    inputs = []
    condition.broadcast()
    while running > 0 { condition.wait() }
    condition.unlock()
  }

  private func work() {
    condition.lock()
    while true {
      while inputs.isEmpty, !isClosed { condition.wait() }
      guard !isClosed else { break }
      let (place, input) = inputs.removeFirst()
      condition.unlock()
      let output = Result { try transform(input) }
      condition.lock()
      outputs[place] = output
      condition.broadcast()
    }
    running -= 1
    condition.broadcast()
    condition.unlock()
  }
}
