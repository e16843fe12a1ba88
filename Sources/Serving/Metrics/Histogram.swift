// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A Prometheus histogram: how many observations lie at or below each bound.
final class Histogram: Sendable {
  /// Bounds for durations in seconds, from a millisecond to a minute.
  static let seconds: [Double] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
  ]
  /// Bounds for counts: the powers of two up to 65,536.
  static let powersOfTwo: [Double] = (0...16).map { Double(1 << $0) }

  private struct State {
    var counts: [Int]
    var sum = 0.0
  }

  private let bounds: [Double]
  private let state: Mutex<State>

  /// An empty histogram with ascending bounds.
  init(bounds: [Double]) {
    self.bounds = bounds
    state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
  }

  /// Counts a value.
  func observe(_ value: Double) {
    let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
    state.withLock { state in
      state.counts[bucket] += 1
      state.sum += value
    }
  }

  /// Counts a duration in seconds.
  func observe(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    observe(Double(seconds) + Double(attoseconds) * 1e-18)
  }

  /// The lines of the exposition, without the `# TYPE` head.
  func write(_ name: String, labels: String = "", to text: inout String) {
    let state = state.withLock { $0 }
    let prefix = labels.isEmpty ? "" : labels + ","
    let braces = labels.isEmpty ? "" : "{\(labels)}"
    var total = 0
    for (bound, count) in zip(bounds, state.counts) {
      total += count
      text += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(total)\n"
    }
    total += state.counts[bounds.count]
    text += "\(name)_bucket{\(prefix)le=\"+Inf\"} \(total)\n"
    text += "\(name)_sum\(braces) \(state.sum)\n\(name)_count\(braces) \(total)\n"
  }
}
