// SPDX-License-Identifier: Apache-2.0

import Foundation

extension ResultsDocument {
  /// The document as JSON: keys in order, numbers in the shortest form that reads back the same.
  ///
  /// - Throws: `MetricsError` where a number was set to NaN or infinity by hand.
  public func json() throws(MetricsError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(self) + Data("\n".utf8)
    } catch {
      throw MetricsError(
        .valueOutOfRange, "expected finite numbers in the results, found another: \(error)")
    }
  }

  /// Writes the document, whole or not at all: beside the place, then renamed.
  ///
  /// - Throws: `MetricsError` naming the file where it cannot be written.
  public func write(to file: URL) throws(MetricsError) {
    let data = try json()
    do {
      try data.write(to: file, options: .atomic)
    } catch {
      throw MetricsError(
        .unwritable,
        "cannot write the results: \(error.localizedDescription); "
          + "check that the folder exists and the disk has room",
        at: file.path)
    }
  }

  /// Reads a document that ``write(to:)`` wrote.
  ///
  /// - Throws: `MetricsError` naming the file where it cannot be read or has another layout.
  public init(contentsOf file: URL) throws(MetricsError) {
    do {
      self = try JSONDecoder().decode(ResultsDocument.self, from: Data(contentsOf: file))
    } catch {
      throw MetricsError(
        .unreadable, "expected results in the layout koine.results/v1, found: \(error)",
        at: file.path)
    }
    guard format == "koine.results/v1" else {
      throw MetricsError(
        .unreadable,
        "expected the layout koine.results/v1, found \(format); "
          + "read it with the version that wrote it",
        at: file.path)
    }
  }
}
