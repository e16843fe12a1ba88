// SPDX-License-Identifier: Apache-2.0

import Foundation

extension ReportBuilder {
  /// By how much the kept method is better than each bag of words, language by language.
  var margins: [String] {
    recipe.methods.filter { $0.features == .words }.compactMap { method in
      let parts = comparisons.filter { $0.other == method.name }
      guard !parts.isEmpty else { return nil }
      let lines = parts.map {
        "\($0.language) "
          + String(
            format: "%+.1f (%.1f to %.1f)", $0.difference * 100, $0.interval.low * 100,
            $0.interval.high * 100)
      }
      return
        "Accuracy of '\(recipe.keep)' less that of '\(method.name)', in points, with the 95 % interval of the paired "
        + "difference: " + lines.joined(separator: ", ") + "."
    }
  }
}
