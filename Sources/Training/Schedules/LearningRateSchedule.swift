// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A rate that rises to its peak in a straight line and then goes down, or stays.
public struct LearningRateSchedule: Sendable, Equatable {
  /// How the rate goes after its peak.
  public enum Shape: String, Sendable, Codable, CaseIterable {
    /// In a straight line to zero.
    case linear
    /// Along half a cosine to zero (Loshchilov and Hutter, 2017).
    case cosine
    /// It stays.
    case constant
    /// With the inverse square root of the step (Vaswani and others, 2017).
    case inverseSquareRoot
  }

  /// How the rate goes after its peak.
  public var shape: Shape
  /// Steps in all.
  public var stepCount: Int
  /// Steps until the peak.
  public var warmupCount: Int

  /// A schedule over steps, with the share of them that warms up.
  public init(_ shape: Shape = .linear, stepCount: Int, warmup: Double) {
    self.shape = shape
    self.stepCount = stepCount
    warmupCount = Int((Double(stepCount) * warmup).rounded(.up))
  }

  /// The factor on the peak rate at a step, counted from 0.
  public func factor(_ step: Int) -> Double {
    if step < warmupCount { return Double(step + 1) / Double(warmupCount) }
    let left = Double(stepCount - step) / Double(max(1, stepCount - warmupCount))
    switch shape {
    case .linear: return max(0, left)
    case .cosine: return (1 + cos(.pi * (1 - max(0, left)))) / 2
    case .constant: return 1
    case .inverseSquareRoot:
      let peak = Double(max(1, warmupCount))
      return (peak / max(peak, Double(step + 1))).squareRoot()
    }
  }
}
