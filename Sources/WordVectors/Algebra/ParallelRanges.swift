// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs `body` over the numbers below `count`, cut into as many ranges as there are threads.
///
/// What `body` does to one number must not depend on the range it comes in: then the threads are no matter.
package func parallelRanges(_ count: Int, threads: Int, _ body: @Sendable (Range<Int>) -> Void) {
  let parts = max(1, min(threads, count))
  guard parts > 1 else { return body(0..<count) }
  DispatchQueue.concurrentPerform(iterations: parts) { part in
    body(count * part / parts..<count * (part + 1) / parts)
  }
}
