// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossLingual
import Foundation
import Transfer

/// How alignments are written.
enum AlignmentFormat: String, ExpressibleByArgument, CaseIterable {
  /// vecalign's lines, a blank one between documents.
  case vecalign
  /// A table of what has a counterpart, with texts, lines and files.
  case tsv
  /// An object a line.
  case jsonl

  /// Writes the alignments of documents.
  func write(
    _ alignments: [[SentenceAlignment]], of documents: [DocumentAligning.Pair],
    to body: (String) throws -> Void
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if self == .tsv {
      try body("cost\tsource_lines\ttarget_lines\tsource\ttarget\tsource_file\ttarget_file\n")
    }
    for (number, (list, pair)) in zip(alignments, documents).enumerated() {
      if self == .vecalign, number > 0 { try body("\n") }
      for alignment in list {
        let source = Side(pair.source, alignment.source)
        let target = Side(pair.target, alignment.target)
        switch self {
        case .vecalign: try body(alignment.line + "\n")
        case .tsv:
          guard !source.text.isEmpty, !target.text.isEmpty else { continue }
          let fields = [
            String(format: "%.6f", alignment.cost), source.span, target.span, source.text,
            target.text, source.file, target.file,
          ]
          try body(fields.map(PairSides.field).joined(separator: "\t") + "\n")
        case .jsonl:
          let line = try encoder.encode(
            Line(cost: alignment.cost, document: number, source: source, target: target))
          try body(String(decoding: line, as: UTF8.self) + "\n")
        }
      }
    }
  }

  private struct Line: Encodable {
    var cost: Double
    var document: Int
    var source: Side
    var target: Side
  }

  private struct Side: Encodable {
    var file: String
    /// From 1, in the file.
    var lines: [Int]
    var text: String

    init(_ document: SentenceDocument, _ range: Range<Int>) {
      file = document.file
      lines = range.map { document.firstLine + $0 }
      text = document.text(range)
    }

    /// The first and last line.
    var span: String {
      guard let first = lines.first, let last = lines.last else { return "" }
      return first == last ? "\(first)" : "\(first)-\(last)"
    }
  }
}
