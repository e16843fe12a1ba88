// SPDX-License-Identifier: Apache-2.0

/// A rate that rises to its peak in a straight line and falls to zero in another.
public struct WarmupSchedule: Sendable, Equatable {
  /// Steps in all.
  public var stepCount: Int
  /// Steps until the peak.
  public var warmupCount: Int

  /// A schedule over steps, with the share of them that warms up.
  public init(stepCount: Int, warmup: Double) {
    self.stepCount = stepCount
    warmupCount = Int((Double(stepCount) * warmup).rounded(.up))
  }

  /// The factor on the peak rate at a step, counted from 0.
  public func factor(_ step: Int) -> Double {
    if step < warmupCount { return Double(step + 1) / Double(warmupCount) }
    return Double(stepCount - step) / Double(max(1, stepCount - warmupCount))
  }
}
