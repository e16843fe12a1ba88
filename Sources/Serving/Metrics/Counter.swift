// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A number that only grows, once for each combination of labels.
final class Counter: Sendable {
  private let values = Mutex<[String: Int]>([:])

  /// Adds one; `labels` is the text between the braces of the exposition.
  func increment(_ labels: String) {
    values.withLock { $0[labels, default: 0] += 1 }
  }

  /// The lines of the exposition, sorted by label, without the `# TYPE` head.
  func write(_ name: String, to text: inout String) {
    for (labels, value) in values.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
      text += "\(name){\(labels)} \(value)\n"
    }
  }
}

/// A number that rises and falls.
final class Gauge: Sendable {
  private let value = Atomic<Int>(0)

  /// Replaces the number.
  func set(_ number: Int) { value.store(number, ordering: .relaxed) }

  /// The number now.
  var current: Int { value.load(ordering: .relaxed) }
}
