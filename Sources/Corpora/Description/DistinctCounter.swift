// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Counts different values: exactly up to a limit, then by a sketch of 16 KB.
///
/// The sketch is HyperLogLog (Flajolet et al. 2007) with 2¹⁴ registers and Ertl's estimator (2017); its
/// standard error is 0.8 %.
struct DistinctCounter: Sendable {
  private static let precision: UInt64 = 14
  private static let registerCount = 1 << 14

  private let limit: Int
  private var exact: Set<UInt64> = []
  private var registers: [UInt8] = []

  /// A counter that is exact up to so many values.
  init(limit: Int = 1 << 15) { self.limit = limit }

  /// Whether the count is exact.
  var isExact: Bool { registers.isEmpty }

  /// Adds a value by its hash.
  mutating func insert(_ hash: UInt64) {
    guard isExact else {
      note(hash)
      return
    }
    exact.insert(hash)
    guard exact.count > limit else { return }
    registers = [UInt8](repeating: 0, count: Self.registerCount)
    for hash in exact { note(hash) }  // the order does not matter to a maximum
    exact = []
  }

  /// How many different values there are.
  var count: Int { isExact ? exact.count : Int(estimate.rounded()) }

  private mutating func note(_ hash: UInt64) {
    let hash = mix(hash, 0)
    let register = Int(truncatingIfNeeded: hash >> (64 - Self.precision))
    let rank = UInt8(min(51, (hash << Self.precision).leadingZeroBitCount + 1))
    if rank > registers[register] { registers[register] = rank }
  }

  private var estimate: Double {
    let size = Double(Self.registerCount)
    let levels = 64 - Int(Self.precision)
    var counts = [Double](repeating: 0, count: levels + 2)
    for register in registers { counts[Int(register)] += 1 }
    var sum = size * Self.tau(1 - counts[levels + 1] / size)
    for level in stride(from: levels, through: 1, by: -1) { sum = 0.5 * (sum + counts[level]) }
    sum += size * Self.sigma(counts[0] / size)
    return size * size / (2 * logarithm(2) * sum)
  }

  private static func sigma(_ value: Double) -> Double {
    guard value < 1 else { return .infinity }
    var (x, y, sum) = (value, 1.0, value)
    while true {
      x *= x
      let next = sum + x * y
      y += y
      guard next != sum else { return sum }
      sum = next
    }
  }

  private static func tau(_ value: Double) -> Double {
    guard value > 0, value < 1 else { return 0 }
    var (x, y, sum) = (value, 1.0, 1 - value)
    while true {
      x = x.squareRoot()
      y *= 0.5
      let next = sum - (1 - x) * (1 - x) * y
      guard next != sum else { return sum / 3 }
      sum = next
    }
  }
}
