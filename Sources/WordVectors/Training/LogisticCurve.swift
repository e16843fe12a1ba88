// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The logistic function out of a table, straight lines between its points: right to 1e-6 within 16 of 0, and 0 or 1
/// beyond.
struct LogisticCurve: Sendable {
  private static let limit: Float = 16
  private static let stepsPerUnit: Float = 128
  private let values: [Float]

  init() {
    values = (0...Int(2 * Self.limit * Self.stepsPerUnit) + 1).map { step in
      Float(1 / (1 + exp(Double(Self.limit) - Double(step) / Double(Self.stepsPerUnit))))
    }
  }

  /// The value at a place; 0 for what is no number.
  @inline(__always) func callAsFunction(_ value: Float) -> Float {
    if value >= Self.limit { return 1 }
    guard value > -Self.limit else { return 0 }
    let place = (value + Self.limit) * Self.stepsPerUnit
    let index = Int32(place)
    return values.withUnsafeBufferPointer { values in
      let low = values[Int(index)]
      return low + (values[Int(index) + 1] - low) * (place - Float(index))
    }
  }
}
