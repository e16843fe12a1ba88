// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Progress of long work, handed on as lines: how far, how fast, how long still.
public struct ProgressMeter {
  private let output: (String) -> Void
  private var title = ""
  private var unit = ""
  private var total = 0
  private var done = 0
  private var start = Date()
  private var lastReport = Date.distantPast

  /// A meter whose lines go to `output`.
  public init(_ output: @escaping (String) -> Void) {
    self.output = output
  }

  /// Names what follows.
  public mutating func name(_ title: String) {
    self.title = title
  }

  /// Starts counting up to `total`.
  mutating func begin(_ total: Int, unit: String) {
    self.total = total
    self.unit = unit
    done = 0
    start = Date()
    lastReport = start
  }

  /// Counts; a line comes out at most every two seconds.
  mutating func advance(_ count: Int) {
    done += count
    let now = Date()
    guard now.timeIntervalSince(lastReport) >= 2, done < total else { return }
    lastReport = now
    let rate = Double(done) / max(now.timeIntervalSince(start), 1e-3)
    let left = Int((Double(total - done) / max(rate, 1e-9)).rounded(.up))
    output(
      "\(title): \(done * 100 / max(total, 1)) %, \(Self.text(rate)) \(unit)/s, \(left) s left")
  }

  /// Says what it came to.
  mutating func end() {
    let seconds = Date().timeIntervalSince(start)
    let rate = Double(done) / max(seconds, 1e-3)
    output(
      "\(title): \(done) \(unit) in \(String(format: "%.1f", seconds)) s (\(Self.text(rate))/s)")
  }

  /// A rate, with a digit behind the point where it would say little without.
  private static func text(_ rate: Double) -> String {
    rate < 10 ? String(format: "%.1f", rate) : "\(Int(rate))"
  }

  /// A line of its own.
  func note(_ line: String) {
    output("\(title): \(line)")
  }
}
