// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mustache

extension TransferReport {
  /// The report as one HTML page that needs no network and works without its script.
  ///
  /// The same evidence gives the same bytes. Sizes are bounded: of more than ``pointLimit`` points,
  /// ``mistakeLimit`` mistakes or ``confusionLimit`` classes a part is shown, and the page says so.
  ///
  /// - Throws: `ReportsError` where the evidence contradicts itself.
  public func html() throws(ReportsError) -> String {
    try check()
    HTMLText.registered
    let library: MustacheLibrary
    do {
      library = MustacheLibrary(
        templates: try Template.all.mapValues {
          try MustacheTemplate(string: "{{% CONTENT_TYPE: \(HTMLText.name)}}" + $0)
        })
    } catch {
      throw ReportsError(.template, "a template of the report does not parse: \(error)")
    }
    guard let page = library.render(PageView(self), withTemplate: "page") else {
      throw ReportsError(.template, "the report's page has no template")
    }
    return page
  }

  /// Writes the page, whole or not at all: beside the place, then renamed.
  ///
  /// - Throws: `ReportsError` where the evidence contradicts itself, or naming the file where it
  ///   cannot be written.
  public func write(to file: URL) throws(ReportsError) {
    let page = try html()
    do {
      try Data(page.utf8).write(to: file, options: .atomic)
    } catch {
      throw ReportsError(
        .unwritable,
        "cannot write the report: \(error.localizedDescription); "
          + "check that the folder exists and the disk has room",
        at: file.path)
    }
  }
}
