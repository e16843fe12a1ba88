// SPDX-License-Identifier: Apache-2.0

/// Text to learn word vectors from, of one language or several, and what ties these together.
///
/// It is counted while it is added, and kept as numbers in a file without a name, 4 bytes a word, so that memory holds
/// the words of the dictionary only. Words are parted by the seven bytes that fastText takes for white space; a line
/// feed stands for `</s>`.
public final class TrainingText {
  /// Text of a language, or lines of two that say the same.
  struct Source {
    let first: Int
    /// Nil where the text is of one language.
    let second: Int?
    let file: NumberFile
  }

  /// Languages in the order in which they were named; "" is that of text without one.
  public private(set) var languages: [String] = []
  private(set) var builders: [DictionaryBuilder] = []
  private(set) var sources: [Source] = []
  /// Words that a dictionary says mean the same.
  private(set) var translations: [(first: TranslatedWord, second: TranslatedWord)] = []

  struct TranslatedWord {
    let language: Int
    let bytes: [UInt8]
  }

  /// An end of line that is no word; others are the complement of the number of `</s>`.
  static let bareEnd = Int32.min
  /// A word that is not in the dictionary, where places count.
  static let unknown = Int32.max

  /// No text.
  public init() {}

  /// The number of a language, from 0; a new one where it was not named before.
  public func language(named name: String) -> Int {
    if let index = languages.firstIndex(where: { $0.utf8.elementsEqual(name.utf8) }) {
      return index
    }
    languages.append(name)
    builders.append(DictionaryBuilder())
    return languages.count - 1
  }

  /// How many words were added, `</s>` at the end of each line with them.
  public var tokenCount: Int { builders.reduce(0) { $0 + Int($1.tokenCount) } }

  /// Adds lines of a language.
  ///
  /// - Parameter bytes: Whole lines; the last one's line feed may be absent where the text ends with it.
  /// - Throws: `WordVectorError.Code.file` where the disk is full.
  public func append(
    _ bytes: UnsafeBufferPointer<UInt8>, language: Int
  ) throws(WordVectorError) {
    let file = try file(language, nil)
    try builders[language].append(bytes, to: file)
  }

  /// Adds a line of one language and the line of another that says the same.
  ///
  /// - Parameters:
  ///   - links: Which word of the first stands for which of the second, from 0; nil where that is not known.
  /// - Throws: `WordVectorError.Code.file` where the disk is full, `.data` where a link has no word at an end.
  public func appendPair(
    _ first: String, language firstLanguage: Int, _ second: String, language secondLanguage: Int,
    links: [(Int, Int)]? = nil
  ) throws(WordVectorError) {
    let file = try file(firstLanguage, secondLanguage)
    let firstCount = try builders[firstLanguage].append(line: first, to: file)
    let secondCount = try builders[secondLanguage].append(line: second, to: file)
    guard let links else { return try file.append(-1) }
    try file.append(Int32(links.count))
    for (left, right) in links {
      guard (0..<firstCount).contains(left), (0..<secondCount).contains(right) else {
        throw WordVectorError(
          .data, "a link of the alignment has no word",
          expected: "numbers below \(firstCount) and \(secondCount), from 0",
          found: "\(left)-\(right)",
          hint: "check that the alignment was made of these lines, with the same words")
      }
      try file.append(Int32(left))
      try file.append(Int32(right))
    }
  }

  /// Says that a word of one language means the same as one of another.
  public func addTranslation(
    _ first: String, language firstLanguage: Int, _ second: String, language secondLanguage: Int
  ) {
    translations.append(
      (
        TranslatedWord(language: firstLanguage, bytes: Array(first.utf8)),
        TranslatedWord(language: secondLanguage, bytes: Array(second.utf8))
      ))
  }

  private func file(_ first: Int, _ second: Int?) throws(WordVectorError) -> NumberFile {
    if let source = sources.first(where: { $0.first == first && $0.second == second }) {
      return source.file
    }
    let source = Source(first: first, second: second, file: try NumberFile())
    sources.append(source)
    return source.file
  }
}

extension DictionaryBuilder {
  /// Counts the words of whole lines and appends their serial numbers, and the complement of that of `</s>` at each
  /// line's end.
  mutating func append(
    _ bytes: UnsafeBufferPointer<UInt8>, to file: NumberFile
  ) throws(WordVectorError) {
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      if FeatureExtractor.isSeparator(byte) {
        place += 1
        if byte == UInt8(ascii: "\n") { try file.append(~addEndOfLine()) }
        continue
      }
      try file.append(nextToken(bytes, &place))
    }
    if let last = bytes.last, last != UInt8(ascii: "\n") {
      try file.append(TrainingText.bareEnd)
    }
  }

  /// Counts the words of one line and `</s>`, appends their numbers and returns how many words there are.
  mutating func append(line: String, to file: NumberFile) throws(WordVectorError) -> Int {
    var count = 0
    let bytes = Array(line.utf8)
    let end = try bytes.withUnsafeBufferPointer { bytes throws(WordVectorError) in
      var place = 0
      while place < bytes.count {
        if FeatureExtractor.isSeparator(bytes[place]) {
          place += 1
          continue
        }
        try file.append(nextToken(bytes, &place))
        count += 1
      }
      return addEndOfLine()
    }
    try file.append(~end)
    return count
  }

  @inline(__always) private mutating func nextToken(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: inout Int
  ) -> Int32 {
    let start = place
    var hash = WordHash()
    repeat {
      hash.append(bytes[place])
      place += 1
    } while place < bytes.count && !FeatureExtractor.isSeparator(bytes[place])
    return add(token: UnsafeBufferPointer(rebasing: bytes[start..<place]), hash.value)
  }
}
