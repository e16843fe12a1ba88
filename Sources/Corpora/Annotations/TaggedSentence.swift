// SPDX-License-Identifier: Apache-2.0

/// A sentence with a tag for each word.
public struct TaggedSentence: Sendable, Hashable, Codable {
  /// The words.
  public var words: [String]
  /// As many tags.
  public var tags: [String]

  /// A sentence from its words and tags.
  public init(words: [String], tags: [String]) {
    self.words = words
    self.tags = tags
  }
}

/// Reads sentences of tagged words, in CoNLL-U or in columns.
public struct TaggedSentenceReader: Sendable {
  /// How a file lays words and tags out.
  public enum Format: Sendable, Hashable {
    /// Universal Dependencies' CoNLL-U; words are the syntactic ones, without multiword tokens and empty nodes.
    case conllu(ConlluColumn = .upos)
    /// A word a line with its tags behind it, between tabs or spaces, as in CoNLL-2003; columns count from 0, from the end where
    /// they are negative.
    case columns(word: Int = 0, tag: Int = -1)
  }

  /// The format; told by the file's name when nil: `.conllu` is CoNLL-U, anything else columns.
  public var format: Format?

  /// A reader of files of a format, or of what their names tell.
  public init(_ format: Format? = nil) { self.format = format }

  /// All sentences of a file.
  ///
  /// - Throws: `CorpusError` with file and line, also where there is no sentence at all.
  public func read(_ path: String) throws(CorpusError) -> [TaggedSentence] {
    var result: [TaggedSentence] = []
    let stream = try open(path)
    while let sentence = try stream.next() { result.append(sentence) }
    return result
  }

  /// Opens a file to take its sentences one after another.
  public func open(_ path: String) throws(CorpusError) -> TaggedSentenceStream {
    switch format ?? Self.format(of: path) {
    case .conllu(let column):
      let reader = try ConlluReader(path)
      return TaggedSentenceStream { () throws(CorpusError) in
        guard let sentence = try reader.next() else { return nil }
        return TaggedSentence(
          words: sentence.words.map(\.form), tags: sentence.words.map(column.tag(of:)))
      }
    case .columns(let word, let tag):
      let reader = try ColumnReader(path, word: word, tag: tag)
      return TaggedSentenceStream { () throws(CorpusError) in try reader.next() }
    }
  }

  private static func format(of path: String) -> Format {
    var name = path.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    return name.hasSuffix(".conllu") ? .conllu() : .columns()
  }
}

/// The sentences of an open file, one after another.
public final class TaggedSentenceStream {
  private let take: () throws(CorpusError) -> TaggedSentence?

  init(_ take: @escaping () throws(CorpusError) -> TaggedSentence?) { self.take = take }

  /// The next sentence; nil at the end.
  public func next() throws(CorpusError) -> TaggedSentence? { try take() }
}

/// Takes sentences from a file with a word a line, an empty line behind each sentence, and `-DOCSTART-` between documents.
final class ColumnReader {
  private let lines: LineReader
  private let word: Int
  private let tag: Int
  private var columnCount: Int?
  private var isEmpty = true

  init(_ path: String, word: Int, tag: Int) throws(CorpusError) {
    lines = try TextLines(path).open()
    self.word = word
    self.tag = tag
  }

  func next() throws(CorpusError) -> TaggedSentence? {
    var sentence = TaggedSentence(words: [], tags: [])
    while let line = try lines.next() {
      guard !line.trimmingSpaces.isEmpty else {
        if sentence.words.isEmpty { continue }
        isEmpty = false
        return sentence
      }
      let fields = Self.fields(line)
      if fields[0] == "-DOCSTART-" || isComment(fields, isFirst: sentence.words.isEmpty) {
        continue
      }
      try add(fields, to: &sentence)
    }
    if sentence.words.isEmpty {
      guard isEmpty else { return nil }
      throw CorpusError(
        .format, lines.number == 0 ? "the file is empty" : "the file has no sentences in it",
        expected: "at least one sentence", at: lines.name)
    }
    isEmpty = false
    return sentence
  }

  /// Fields between tabs where there is one, else between spaces; words may hold other white space.
  private static func fields(_ line: String) -> [String] {
    line.utf8.contains(0x09)
      ? line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      : line.split(separator: " ").map(String.init)
  }

  /// A "#" by itself in front of a sentence, in a line that is no row like the others.
  private func isComment(_ fields: [String], isFirst: Bool) -> Bool {
    guard isFirst, fields[0] == "#" || fields[0].hasPrefix("# ") else { return false }
    return columnCount.map { fields.count != $0 } ?? (fields.count > 1 && fields[1] == "id")
  }

  private func add(_ fields: [String], to sentence: inout TaggedSentence) throws(CorpusError) {
    if let columnCount, fields.count != columnCount {
      throw CorpusError(
        .format, "the row is ragged", expected: "\(columnCount) columns as in the rows before",
        found: "\(fields.count)", hint: "sentences end with an empty line", at: lines.name,
        line: lines.number)
    }
    columnCount = fields.count
    func field(_ column: Int, _ name: String) throws(CorpusError) -> String {
      let index = column < 0 ? fields.count + column : column
      guard fields.indices.contains(index), fields.count > 1 else {
        throw CorpusError(
          .column, "the row has no column for the \(name)",
          expected: "a word and its tag", found: "\(fields.count) columns", at: lines.name,
          line: lines.number)
      }
      guard !fields[index].isEmpty else {
        throw CorpusError(.format, "the \(name) is empty", at: lines.name, line: lines.number)
      }
      return fields[index]
    }
    sentence.words.append(try field(word, "word"))
    sentence.tags.append(try field(tag, "tag"))
  }
}
