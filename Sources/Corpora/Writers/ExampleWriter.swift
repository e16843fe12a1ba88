// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Writes examples as TSV or JSONL; the file appears when it is finished.
///
/// A TSV has the columns `id`, `text`, `pair`, `label`, `lang`, `group`, without those that were not asked for.
public final class ExampleWriter {
  /// A part of an example that can be written.
  public enum Column: String, Sendable, CaseIterable {
    /// The identifier.
    case identifier = "id"
    /// The text.
    case text
    /// The second text of a pair.
    case pair
    /// The label.
    case label
    /// The language.
    case language = "lang"
    /// The group.
    case group

    /// The part of an example.
    var keyPath: KeyPath<Example, String?> & Sendable {
      switch self {
      case .identifier: \.identifier
      case .text: \.optionalText
      case .pair: \.pair
      case .label: \.label
      case .language: \.language
      case .group: \.group
      }
    }
  }

  private let path: String
  private let file: AtomicFile
  private let format: ExampleFormat
  private let columns: [Column]
  private let encoder = JSONEncoder()
  private var count = 0

  /// A file of examples.
  ///
  /// - Parameters:
  ///   - path: Where; the name tells the format, `.tsv` or `.jsonl`.
  ///   - columns: What of each example a TSV holds, in this order; text and label.
  public init(_ path: String, columns: [Column] = [.text, .label]) throws(CorpusError) {
    self.path = path
    self.columns = columns
    format = try ExampleFormat(path: path)
    guard format == .tsv || format == .jsonl, !path.hasSuffix(".gz") else {
      throw CorpusError(
        .format, "examples are not written in this format",
        expected: ".tsv or .jsonl", at: path)
    }
    file = try AtomicFile(path)
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if format == .tsv { try file.write(columns.map(\.rawValue).joined(separator: "\t") + "\n") }
  }

  /// Appends an example.
  ///
  /// - Throws: `CorpusError.Code.format` where a field of a TSV has a tab or a line break in it, which the
  ///   format cannot hold.
  public func append(_ example: Example) throws(CorpusError) {
    count += 1
    switch format {
    case .tsv: try file.write(row(example))
    default:
      do {
        try file.write(contentsOf: encoder.encode(example))
      } catch {
        throw error as? CorpusError ?? CorpusError(.format, "\(error)", at: path, line: count)
      }
      try file.write("\n")
    }
  }

  /// Puts the whole file in its place.
  public func finish() throws(CorpusError) { try file.commit() }

  private func row(_ example: Example) throws(CorpusError) -> String {
    var fields: [String] = []
    for column in columns {
      let field = example[keyPath: column.keyPath] ?? ""
      guard !field.utf8.contains(where: { (0x09...0x0d).contains($0) }) else {
        throw CorpusError(
          .format, "the \(column.rawValue) has a tab or a line break in it",
          hint: "replace it by a space, or write .jsonl", at: path, line: count + 1)
      }
      fields.append(field)
    }
    return fields.joined(separator: "\t") + "\n"
  }
}

extension Example {
  fileprivate var optionalText: String? { text }
}
