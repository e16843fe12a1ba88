// SPDX-License-Identifier: Apache-2.0

import Foundation
import Mustache

/// Pages from templates in which all text is escaped by ``HTMLText``.
enum PageTemplate {
  /// What every page begins with, up to its body's start tag: no network, both colour schemes, `title` and `style` of the view.
  static let head = """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
    style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="Koine">
    <title>{{title}}</title>
    <style>
    {{{style}}}
    </style>
    </head>
    <body>
    """

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
