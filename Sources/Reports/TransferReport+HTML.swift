// SPDX-License-Identifier: Apache-2.0

import Foundation

extension TransferReport {
  /// The report as one HTML page that needs no network and works without its script.
  ///
  /// The same evidence gives the same bytes. Sizes are bounded: of more than ``pointLimit`` points,
  /// ``mistakeLimit`` mistakes or ``confusionLimit`` classes a part is shown, and the page says so.
  ///
  /// - Throws: `ReportsError` where the evidence contradicts itself.
  public func html() throws(ReportsError) -> String {
    try check()
    return try PageTemplate.render(PageView(self), "page", of: Template.all)
  }

  /// Writes the page, whole or not at all: beside the place, then renamed.
  ///
  /// - Throws: `ReportsError` where the evidence contradicts itself, or naming the file where it
  ///   cannot be written.
  public func write(to file: URL) throws(ReportsError) {
    try PageTemplate.write(try html(), to: file)
  }
}
