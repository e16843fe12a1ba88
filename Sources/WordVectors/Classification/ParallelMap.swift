// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

extension Array where Element: Sendable {
  /// What `body` makes of each element, in their order, worked out by several threads.
  ///
  /// The result does not depend on their number, nor on how many elements a thread takes at once.
  package func mapInParallel<Result: Sendable>(
    threads: Int, chunkSize size: Int = 32, _ body: @Sendable (Element) -> Result
  ) -> [Result] {
    let chunks = (count + size - 1) / size
    guard Swift.min(threads, chunks) > 1 else { return map(body) }
    let results = Mutex([[Result]](repeating: [], count: chunks))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: Swift.min(threads, chunks)) { _ in
      while true {
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard chunk < chunks else { return }
        let found = self[chunk * size..<Swift.min(count, chunk * size + size)].map(body)
        results.withLock { $0[chunk] = found }
      }
    }
    return results.withLock { $0.flatMap(\.self) }
  }
}
