// SPDX-License-Identifier: Apache-2.0

import Foundation
import Training

/// Tells of a training's progress: where it goes on, a line every two seconds, one for each epoch.
final class TrainingProgress {
  private let log: (String) -> Void
  private let title: String
  private var meter: ProgressMeter
  private var hasBegun = false

  /// Progress of what has a title, told to `log`.
  init(_ title: String, _ log: @escaping (String) -> Void) {
    (self.title, self.log) = (title, log)
    meter = ProgressMeter(log)
    meter.name(title)
  }

  /// A step of so many was done.
  func step(_ step: Int, of count: Int) {
    if !hasBegun {
      hasBegun = true
      if step > 1 { log("\(title): going on after step \(step - 1)") }
      meter.begin(count - step + 1, unit: "steps")
    }
    meter.advance(1)
  }

  /// An epoch was done.
  func epoch(_ epoch: TrainingLoop.Epoch) {
    let development = epoch.developmentLoss.map { String(format: ", development %.4f", $0) }
    log("epoch \(epoch.number): loss " + String(format: "%.4f", epoch.loss) + (development ?? ""))
  }

  /// All was done.
  func end() {
    if hasBegun { meter.end() }
  }
}
