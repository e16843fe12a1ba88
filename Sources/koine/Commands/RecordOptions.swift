// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation

/// Options of every command that reads text from lines, columns or keys.
struct RecordOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What the lines are: lines, tsv or jsonl; by default the file's name tells.",
      valueName: "format"))
  var format: RecordLayout.Kind?

  @Option(
    name: [.long, .customLong("key")],
    help: ArgumentHelp(
      """
      The column of a TSV or key of a JSONL that holds the text; several between commas. Numbers from 1 \
      are for a TSV without a header. By default text.
      """, valueName: "name"))
  var column: String?

  @Flag(inversion: .prefixedNo, help: "Whether a TSV's first line names its columns.")
  var header: Bool?

  @Option(
    help: ArgumentHelp(
      """
      What becomes of lines that are not UTF-8, too long or no record: drop, replace (bytes that are not \
      UTF-8 by U+FFFD) or stop.
      """, valueName: "what"))
  var invalid: InvalidText?

  @Option(help: ArgumentHelp("The longest line, in bytes.", valueName: "bytes"))
  var maxLineBytes = TextLines.lengthLimit

  @Option(help: ArgumentHelp("Threads to compute with.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard threads > 0 else {
      throw ValidationError("--threads must be at least 1, found \(threads)")
    }
    guard maxLineBytes > 0 else {
      throw ValidationError("--max-line-bytes must be at least 1, found \(maxLineBytes)")
    }
  }

  /// The columns or keys that were named.
  var columns: [String] {
    column.map { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } } ?? []
  }

  /// How a file's lines hold text.
  func layout(of path: String) throws -> RecordLayout {
    if let format { return RecordLayout(format, fields: columns, hasHeader: header) }
    return try RecordLayout(path: path, fields: columns, hasHeader: header)
  }

  /// Readers of files one after another; `invalid` is what the command does unless told.
  func readers(_ paths: [String], invalid usual: InvalidText = .stop) throws -> [RecordReader] {
    try paths.enumerated().map { index, path in
      try RecordReader(
        [path], layout: layout(of: path), source: index, invalid: invalid ?? usual,
        limit: maxLineBytes)
    }
  }

  /// Says which lines were dropped or mended.
  func report(_ damage: DamageLog) {
    guard damage.count > 0 else { return }
    for place in damage.places { Terminal.log(place) }
    let more = damage.count - damage.places.count
    if more > 0 { Terminal.log("… and \(more) more lines") }
  }
}

extension RecordLayout.Kind: ExpressibleByArgument {}
extension InvalidText: ExpressibleByArgument {}
