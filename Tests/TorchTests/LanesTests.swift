// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Torch

@Suite(.serialized) struct LanesTests {
  private struct Stop: Error, Equatable { var index: Int }

  @Test("results come in order, whatever the number of threads", arguments: [1, 2, 3])
  func ordered(threads: Int) async throws {
    try await Compute.run {
      let before = Engine.threadCount
      try Engine.withThreads(threads) {
        var completed: Set<Int> = []
        let squares = try Lanes.map(50, completed: { completed.insert($0) }) { index in
          try Tensor([Float(index)]).multiplied(by: Double(index)).elements(as: Float.self)[0]
        }
        #expect(squares == (0..<50).map { Float($0 * $0) })
        #expect(completed == Set(0..<50))
        #expect(Engine.threadCount == threads)
      }
      #expect(Engine.threadCount == before)
    }
  }

  @Test("closures are given back before the call returns, time after time")
  func closures() async throws {
    try await Compute.run {
      try Engine.withThreads(3) {
        for round in 0..<2000 {
          let found = try Lanes.map(3) { $0 + round }
          #expect(found == [round, round + 1, round + 2])
        }
      }
    }
  }

  @Test("a failure ends the call, and what has not begun is left")
  func failure() async throws {
    await Compute.run {
      let begun = Counter()
      #expect(throws: Stop(index: 3)) {
        try Lanes.map(1000) { index in
          begun.increment()
          if index == 3 { throw Stop(index: 3) }
          usleep(1000)
        }
      }
      #expect(begun.value < 100)
      #expect(throws: Never.self) { try Lanes.map(0) { _ in } }
    }
  }

  @Test("the gradient mode of the caller holds in every lane")
  func gradientMode() async throws {
    try await Compute.run {
      try Engine.withThreads(3) {
        let off = try GradientMode.disabled { try Lanes.map(30) { _ in GradientMode.isEnabled } }
        let on = try GradientMode.enabled { try Lanes.map(30) { _ in GradientMode.isEnabled } }
        #expect(!off.contains(true) && !on.contains(false))
      }
    }
  }
}

private final class Counter: @unchecked Sendable {
  // Guarded by the lock.
  private let lock = NSLock()
  private var count = 0

  func increment() { lock.withLock { count += 1 } }
  var value: Int { lock.withLock { count } }
}
