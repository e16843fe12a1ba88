// SPDX-License-Identifier: Apache-2.0

/// A catalogue of gettext as translators write it (`.po`), its texts as people read them.
///
/// Entries that are marked as fuzzy or obsolete are passed over; what is left out of texts is the same as in ``GettextCatalogue``.
///
/// Source: The GNU gettext manual, "The Format of PO Files".
public struct GettextSource: Sendable {
  private let path: String

  /// A catalogue at a path; `.gz` is read as it is.
  public init(_ path: String) { self.path = path }

  fileprivate struct Entry {
    var line = 0
    var isFuzzy = false
    var source: String?
    var plural: String?
    var targets: [String] = []

    var pairs: [ParallelText] {
      guard !isFuzzy, let source, !source.isEmpty, let first = targets.first else { return [] }
      let sources = [source] + [plural].compactMap(\.self)
      let all = targets.count > 1 ? [first, targets[targets.count - 1]] : [first]
      return GettextEntry.pairs(
        sources.joined(separator: "\0"), all.joined(separator: "\0"), place: line)
    }
  }

  /// The translated entries, each with its line.
  ///
  /// - Throws: `CorpusError` for a line that is none of the format.
  public func pairs() throws -> [ParallelText] {
    var result: [ParallelText] = []
    var entry = Entry()
    /// Where a line of text alone belongs.
    var place: WritableKeyPath<Entry, String>?
    func close() throws {
      if entry.source == "" {
        try GettextCatalogue.check(
          GettextCatalogue.header(entry.targets.first ?? ""), path)
      }
      result += entry.pairs
      entry = Entry()
    }
    try TextLines(path).forEach { line, number in
      let text = line.drop { $0 == " " || $0 == "\t" }
      if text.isEmpty { return }
      if text.hasPrefix("#") {
        if !entry.targets.isEmpty { try close() }
        if text.hasPrefix("#,"), text.contains("fuzzy") { entry.isFuzzy = true }
        // "#~" is an entry that the program has no more.
        return
      }
      if text.hasPrefix("msgctxt") {
        if !entry.targets.isEmpty { try close() }
        place = nil
        return
      }
      if text.hasPrefix("\"") {
        let more = try unquoted(text, number)
        if let place { entry[keyPath: place] += more }
        return
      }
      guard let space = text.firstIndex(where: { $0 == " " || $0 == "\t" }) else {
        throw mistake(number)
      }
      let value = try unquoted(text[space...].drop { $0 == " " || $0 == "\t" }, number)
      switch text[..<space] {
      case "msgid":
        if !entry.targets.isEmpty { try close() }
        (entry.source, entry.line) = (value, number)
        place = \.sourceText
      case "msgid_plural":
        entry.plural = value
        place = \.pluralText
      case let key where key == "msgstr" || key.hasPrefix("msgstr["):
        guard entry.source != nil else { throw mistake(number) }
        entry.targets.append(value)
        place = \.lastTarget
      default: throw mistake(number)
      }
    }
    try close()
    return result
  }

  private func mistake(_ line: Int) -> CorpusError {
    CorpusError(
      .format, "the line is none of a .po file",
      expected: "msgctxt, msgid, msgid_plural, msgstr, a comment, or text in quotes", at: path,
      line: line)
  }

  private func unquoted(_ text: Substring, _ line: Int) throws(CorpusError) -> String {
    var text = text
    while text.last?.isWhitespace == true { text.removeLast() }
    guard text.count >= 2, text.first == "\"", text.last == "\"" else { throw mistake(line) }
    var result = ""
    var isEscaped = false
    for letter in text.dropFirst().dropLast() {
      if isEscaped {
        switch letter {
        case "n": result.append("\n")
        case "t": result.append("\t")
        case "r": result.append("\r")
        default: result.append(letter)
        }
        isEscaped = false
      } else if letter == "\\" {
        isEscaped = true
      } else {
        result.append(letter)
      }
    }
    return result
  }
}

extension GettextSource.Entry {
  fileprivate var sourceText: String {
    get { source ?? "" }
    set { source = newValue }
  }
  fileprivate var pluralText: String {
    get { plural ?? "" }
    set { plural = newValue }
  }
  fileprivate var lastTarget: String {
    get { targets.last ?? "" }
    set { if !targets.isEmpty { targets[targets.count - 1] = newValue } }
  }
}
