// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What `body` makes of each index, worked out by several threads, in order.
func concurrentMap<Result: Sendable>(
  _ count: Int, threads: Int, _ body: @Sendable (Int) -> Result
) -> [Result] {
  let shares = min(threads, count)
  guard shares > 1 else { return (0..<count).map(body) }
  return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
    // Each index is written by one thread alone, and read when all have ended.
    nonisolated(unsafe) let base = buffer.baseAddress
    DispatchQueue.concurrentPerform(iterations: shares) { share in
      for index in count * share / shares..<count * (share + 1) / shares {
        (base.unsafelyUnwrapped + index).initialize(to: body(index))
      }
    }
    initialized = count
  }
}
