// SPDX-License-Identifier: Apache-2.0

import Subwords
import Tasks

/// Lines of text as rows of tokens to learn a language from.
///
/// A line is a row, as tasks will read it: an encoder that has read single texts all its life, as a sentence encoder, should not have to
/// learn what a row of many looks like. A line that is longer than a row is cut into as many as it takes, so that nothing of it is lost.
/// Lines of long documents may be joined, which fills rows and is the habit of pretraining from nothing.
public struct LanguageRows: Sendable {
  /// How lines become rows.
  public struct Layout: Sendable, Equatable, Codable {
    /// The most tokens of a row, special ones included, where the base takes so many; 128.
    public var maximumLength = 128
    /// Whether lines that follow each other share a row as long as there is room; false.
    public var joinsLines = false
    /// What stands in front of every row, and is never hidden: a prefix that the base was trained with.
    public var prefix = ""

    /// Rows of at most 128 tokens, one line in each.
    public init() {}
  }

  /// Token ids of each row, special ones included.
  public private(set) var rows: [[Int32]] = []
  /// The language of each row, as it was named; empty where it was not.
  public private(set) var languages: [String] = []
  /// Tokens in front of every row that belong to no text: special ones and the prefix.
  public let frontLength: Int
  /// Lines that were read.
  public private(set) var lineCount = 0
  /// Lines without a token, which are left out.
  public private(set) var emptyLineCount = 0
  /// Lines that were cut into several rows.
  public private(set) var cutLineCount = 0
  /// Tokens in all, special ones included.
  public var tokenCount: Int { rows.reduce(0) { $0 + $1.count } }

  /// Rows of ids that are there.
  ///
  /// - Parameters:
  ///   - ids: token ids of each row, special ones included.
  ///   - frontLength: tokens in front of every row that belong to no text.
  ///   - languages: the language of each row; none by default.
  public init(ids: [[Int32]], frontLength: Int, languages: [String]? = nil) {
    precondition(languages.map { $0.count == ids.count } ?? true, "a language for each row")
    (rows, self.frontLength, lineCount) = (ids, frontLength, ids.count)
    self.languages = languages ?? Array(repeating: "", count: ids.count)
  }

  /// Makes rows of lines.
  ///
  /// Special tokens that a line spells out are text.
  ///
  /// - Parameters:
  ///   - lines: the lines.
  ///   - encoder: cuts them into tokens.
  ///   - layout: how they become rows.
  ///   - language: the language of all of them; empty, the default, where none is named.
  /// - Throws: `TrainingError` where a row has no room for text.
  public init(
    _ lines: some Sequence<String>, _ encoder: RowEncoder, _ layout: Layout = Layout(),
    language: String = ""
  ) throws(TrainingError) {
    let (front, back) = encoder.affixes
    let tokenizer = encoder.tokenizer
    func ids(_ texts: [String]) -> [[Int32]] {
      tokenizer.ids(of: texts, addsSpecialTokens: false, recognizesSpecialTokens: false)
    }
    // The tokens of the prefix that stay the same when text follows.
    let alone = ids([layout.prefix, layout.prefix + "a"])
    let prefix = Array(alone[0].prefix(alone[0].commonPrefixCount(alone[1])))
    let head = front + prefix
    frontLength = head.count
    let limit = min(layout.maximumLength, encoder.maximumLength)
    let room = limit - head.count - back.count
    guard room > 0 else {
      throw TrainingError(
        .plan,
        "rows of \(limit) tokens have no room for text beside \(head.count + back.count) tokens around it; make "
          + "'maximumLength' larger")
    }
    var open: [Int32] = []
    func close(_ content: some Sequence<Int32>) { rows.append(head + content + back) }
    var iterator = lines.makeIterator()
    while true {
      var texts: [String] = []
      while texts.count < 4096, let line = iterator.next() { texts.append(layout.prefix + line) }
      if texts.isEmpty { break }
      lineCount += texts.count
      for var content in ids(texts) {
        content.removeFirst(min(content.count, content.commonPrefixCount(prefix)))
        if content.isEmpty {
          emptyLineCount += 1
        } else if layout.joinsLines, content.count <= room {
          let separated = open.isEmpty ? [] : open + back.prefix(1)
          if separated.count + content.count > room {
            close(open)
            open = content
          } else {
            open = separated + content
          }
        } else {
          if !open.isEmpty { close(open) }
          open = []
          if content.count > room { cutLineCount += 1 }
          for start in stride(from: 0, to: content.count, by: room) {
            close(content[start..<min(start + room, content.count)])
          }
        }
      }
    }
    if !open.isEmpty { close(open) }
    languages = Array(repeating: language, count: rows.count)
  }

  /// Adds rows of more text, as of another language, with the same layout.
  public mutating func append(_ others: LanguageRows) {
    precondition(frontLength == others.frontLength, "rows with the same front")
    rows += others.rows
    languages += others.languages
    lineCount += others.lineCount
    emptyLineCount += others.emptyLineCount
    cutLineCount += others.cutLineCount
  }

  /// Adds rows of pairs of texts that say the same, one behind the other as the base takes pairs: what is hidden in one can be guessed from the other
  /// (translation language modelling; Conneau and Lample, 2019).
  ///
  /// A pair that is longer than a row is cut, the longer text first: a row of one text alone would teach nothing of the other.
  ///
  /// - Throws: `TrainingError` where a row has no room for two texts, and what the tokenizer throws.
  public mutating func append(
    pairs: some Sequence<(String, String)>, _ encoder: RowEncoder,
    _ layout: Layout = Layout()
  ) throws {
    let encoder = encoder.limited(to: layout.maximumLength)
    let around = try encoder.row("", "").ids.count
    guard encoder.maximumLength >= around + 2 else {
      throw TrainingError(
        .plan,
        "rows of \(encoder.maximumLength) tokens have no room for two texts beside \(around) tokens around them; make "
          + "'maximumLength' larger")
    }
    for (source, target) in pairs {
      lineCount += 1
      guard [source, target].allSatisfy({ $0.contains { !$0.isWhitespace } }) else {
        emptyLineCount += 1
        continue
      }
      let row = try encoder.row(layout.prefix + source, target).ids
      if row.count == encoder.maximumLength { cutLineCount += 1 }
      rows.append(row)
      languages.append("")
    }
  }

  /// The rows that have anything to hide; without a vocabulary those that have anything behind what all have in front.
  func filtered(_ vocabulary: MaskingVocabulary?) -> LanguageRows {
    let kept = rows.indices.filter {
      vocabulary?.hasTarget(rows[$0]) ?? (rows[$0].count > frontLength)
    }
    var result = self
    result.rows = kept.map { rows[$0] }
    result.languages = kept.map { languages[$0] }
    return result
  }

  /// Tokens that so many steps go through, by the mean length of each language's rows.
  func tokenCount(in steps: Int, of size: Int, drawn sampling: LanguageSampling) -> Int {
    var tokens: [String: Int] = [:]
    for (row, language) in zip(rows, languages) { tokens[language, default: 0] += row.count }
    let drawn = sampling.drawnCounts.reduce(0, +)
    let perEpoch = sampling.names.indices.reduce(0.0) { sum, number in
      sum + Double(tokens[sampling.names[number]] ?? 0) * Double(sampling.drawnCounts[number])
        / Double(sampling.counts[number])
    }
    // The last step of an epoch has the rows that are left.
    let (epochs, rest) = steps.quotientAndRemainder(dividingBy: sampling.batchCount(size: size))
    return Int(
      (perEpoch * (Double(epochs) + Double(min(drawn, rest * size)) / Double(drawn))).rounded(
        .down))
  }
}

extension [Int32] {
  /// How many ids two lists begin with in common.
  fileprivate func commonPrefixCount(_ other: [Int32]) -> Int {
    zip(self, other).prefix { $0 == $1 }.count
  }
}
