// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mustache

/// Pages from templates in which all text is escaped by ``HTMLText``.
enum PageTemplate {
  /// The page that a view gives.
  ///
  /// - Throws: `ReportsError` where a template does not parse or has not the name.
  static func render(
    _ view: Any, _ name: String, of templates: [String: String]
  ) throws(ReportsError) -> String {
    HTMLText.registered
    let library: MustacheLibrary
    do {
      library = MustacheLibrary(
        templates: try templates.mapValues {
          try MustacheTemplate(string: "{{% CONTENT_TYPE: \(HTMLText.name)}}" + $0)
        })
    } catch {
      throw ReportsError(.template, "a template of the report does not parse: \(error)")
    }
    guard let page = library.render(view, withTemplate: name) else {
      throw ReportsError(.template, "the report's page has no template")
    }
    return page
  }

  /// Writes a page, whole or not at all: beside the place, then renamed.
  ///
  /// - Throws: `ReportsError` naming the file where it cannot be written.
  static func write(_ page: String, to file: URL) throws(ReportsError) {
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
