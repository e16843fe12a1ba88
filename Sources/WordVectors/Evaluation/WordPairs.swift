// SPDX-License-Identifier: Apache-2.0

/// Pairs of words of two languages: a dictionary to learn a map from, or to judge one by.
public struct WordPairs: Sendable, Hashable {
  /// A pair as it stands in the file.
  public struct Pair: Sendable, Hashable {
    /// The word of the first language.
    public var source: String
    /// The word of the second language.
    public var target: String
    /// The number behind them, where there is one: how similar people find the words.
    public var score: Double?

    /// A pair of words.
    public init(_ source: String, _ target: String, score: Double? = nil) {
      self.source = source
      self.target = target
      self.score = score
    }
  }

  /// The pairs in their order.
  public var pairs: [Pair]

  /// Pairs in their order.
  public init(_ pairs: [Pair]) { self.pairs = pairs }

  /// Pairs of lines: two words with a tab between, or without one with blanks between.
  ///
  /// - Parameters:
  ///   - lines: The file's lines.
  ///   - name: What errors call it.
  ///   - withScores: Whether a number stands behind the words.
  ///   - lowercased: Whether the words are made small first, as XLing-Eval does.
  /// - Throws: `WordVectorError.Code.format` with the line where it is not such a pair, `.data` where there is none.
  public init(
    lines: [String], name: String, withScores: Bool = false, lowercased: Bool = false
  ) throws(WordVectorError) {
    pairs = []
    for (number, line) in lines.enumerated() {
      var line = line
      if number == 0, line.unicodeScalars.first == "\u{feff}" { line.unicodeScalars.removeFirst() }
      let scalars = line.unicodeScalars
      let isBlank: (Unicode.Scalar) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\r" }
      guard scalars.contains(where: { !isBlank($0) }) else { continue }
      let hasTabs = scalars.contains("\t")
      var fields = scalars.split(whereSeparator: { hasTabs ? $0 == "\t" : isBlank($0) })
        .map { field in
          var field = field
          while let first = field.first, isBlank(first) { field = field.dropFirst() }
          while let last = field.last, isBlank(last) { field = field.dropLast() }
          return String(field)
        }
      if lowercased { fields = fields.map { $0.lowercased() } }
      let needed = withScores ? 3 : 2
      guard fields.count >= needed, !fields[0].isEmpty, !fields[1].isEmpty else {
        throw WordVectorError(
          .format, "the line is no pair of words",
          expected: withScores
            ? "two words and a number, a tab between" : "two words, a tab between",
          found: "'\(String(line.prefix(60)))'", at: "\(name):\(number + 1)")
      }
      var score: Double?
      if withScores {
        guard let number = Double(fields[2]), number.isFinite else {
          throw WordVectorError(
            .format, "the line has no number", expected: "a number behind the words",
            found: "'\(fields[2])'", at: "\(name):\(number + 1)")
        }
        score = number
      }
      pairs.append(Pair(fields[0], fields[1], score: score))
    }
    guard !pairs.isEmpty else {
      throw WordVectorError(
        .data, "the dictionary is empty", expected: "a pair of words a line", at: name)
    }
  }

  /// The pairs with both words in the tables, as rows; those of the file's order.
  public func rows(in source: WordList, _ target: WordList) -> [(source: Int, target: Int)] {
    pairs.compactMap { pair in
      guard let first = source.index(of: pair.source), let second = target.index(of: pair.target)
      else { return nil }
      return (first, second)
    }
  }
}
