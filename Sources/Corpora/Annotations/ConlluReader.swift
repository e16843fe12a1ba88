// SPDX-License-Identifier: Apache-2.0

/// Takes the sentences of a CoNLL-U file one after another; `.gz` is unpacked, `-` is standard input.
public final class ConlluReader {
  private let lines: LineReader

  /// Opens a file.
  ///
  /// - Throws: `CorpusError` where there is no such file.
  public init(_ path: String) throws(CorpusError) {
    lines = try TextLines(path).open()
  }

  /// The next sentence; nil at the end.
  ///
  /// - Throws: `CorpusError` with file and line, for a row without its ten columns, for ids out of order, and for a file without a
  ///   sentence.
  public func next() throws(CorpusError) -> ConlluSentence? {
    var sentence = ConlluSentence(
      comments: [], words: [], multiwordTokens: [], emptyNodes: [], line: 0)
    while let line = try lines.next() {
      guard !line.trimmingSpaces.isEmpty else {
        if sentence.words.isEmpty, sentence.multiwordTokens.isEmpty { continue }
        return try finished(sentence)
      }
      if sentence.line == 0 { sentence.line = lines.number }
      if line.utf8.first == UInt8(ascii: "#"), sentence.words.isEmpty,
        sentence.multiwordTokens.isEmpty
      {
        sentence.comments.append(String(line.dropFirst()).trimmingSpaces)
      } else {
        try add(line, to: &sentence)
      }
    }
    if sentence.words.isEmpty, sentence.multiwordTokens.isEmpty {
      guard count == 0 else { return nil }
      throw CorpusError(
        .format, lines.number == 0 ? "the file is empty" : "the file has no sentences in it",
        expected: "at least one sentence", at: lines.name)
    }
    return try finished(sentence)
  }

  private var count = 0

  private func finished(_ sentence: ConlluSentence) throws(CorpusError) -> ConlluSentence {
    if let token = sentence.multiwordTokens.last, token.words.upperBound > sentence.words.count {
      throw problem(
        "the sentence ends within the token '\(token.form)'",
        expected: "words up to \(token.words.upperBound)", found: "\(sentence.words.count)")
    }
    count += 1
    return sentence
  }

  private func add(_ line: String, to sentence: inout ConlluSentence) throws(CorpusError) {
    let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard columns.count == 10 else {
      throw problem(
        "the row is not one of CoNLL-U", expected: "10 columns between tabs",
        found: "\(columns.count)", hint: "sentences end with an empty line")
    }
    guard !columns[1].isEmpty else { throw problem("the word is empty") }
    let word = ConlluSentence.Word(
      id: columns[0], form: columns[1], lemma: columns[2], upos: columns[3], xpos: columns[4],
      features: columns[5], head: columns[6], relation: columns[7], dependencies: columns[8],
      miscellaneous: columns[9])
    let next = sentence.words.count + 1
    if let id = Int(columns[0]) {
      guard id == next else {
        throw problem("ids are out of order", expected: "\(next)", found: columns[0])
      }
      sentence.words.append(word)
      return
    }
    let range = columns[0].split(separator: "-").compactMap { Int($0) }
    if range.count == 2, columns[0].utf8.contains(UInt8(ascii: "-")) {
      guard range[0] == next, range[1] >= range[0] else {
        throw problem(
          "the ids of a token are out of order", expected: "a range from \(next)",
          found: columns[0])
      }
      sentence.multiwordTokens.append(
        ConlluSentence.MultiwordToken(
          words: range[0] - 1..<range[1], form: word.form, miscellaneous: word.miscellaneous))
      return
    }
    let node = columns[0].split(separator: ".").compactMap { Int($0) }
    guard node.count == 2, node[0] == next - 1 else {
      throw problem(
        "the id is none, or out of order", expected: "\(next), a range, or \(next - 1).1",
        found: "'\(columns[0])'")
    }
    sentence.emptyNodes.append(word)
  }

  private func problem(
    _ message: String, expected: String? = nil, found: String? = nil, hint: String? = nil
  ) -> CorpusError {
    CorpusError(
      .format, message, expected: expected, found: found, hint: hint, at: lines.name,
      line: lines.number)
  }
}
