// SPDX-License-Identifier: Apache-2.0

/// What a test waited for in vain.
struct NeverHappened: Error, CustomStringConvertible {
  let description: String
}

/// Waits until something holds.
func eventually(
  _ what: String, within limit: Duration = .seconds(20), _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < deadline else { throw NeverHappened(description: what) }
    try await Task.sleep(for: .milliseconds(2))
  }
}
