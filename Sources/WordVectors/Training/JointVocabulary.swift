// SPDX-License-Identifier: Apache-2.0

/// The words of all languages of a training, numbered through, and the rows of each in the input matrix.
///
/// The words of the first language come first. A word's number is its row in both matrices; rows of n-grams come after
/// all words, and languages share them.
struct JointVocabulary: @unchecked Sendable {
  /// The words of one language; an object, since it is looked up for each answer.
  final class Part: Sendable {
    let dictionary: WordDictionary
    let firstWord: Int32
    let negatives: NegativeSampler
    /// For hierarchical softmax: the way of each word to the root, as `row << 1 | isRight`.
    let paths: [[Int32]]

    init(
      _ dictionary: WordDictionary, firstWord: Int32, _ negatives: NegativeSampler,
      paths: [[Int32]]
    ) {
      self.dictionary = dictionary
      self.firstWord = firstWord
      self.negatives = negatives
      self.paths = paths
    }

    var words: Range<Int> { Int(firstWord)..<Int(firstWord) + dictionary.wordCount }
  }

  let parts: [Part]
  let wordCount: Int
  /// The language of each word.
  let languages: [UInt16]
  /// How likely each word is to be passed over when it comes, by its frequency (`-t`).
  let discards: [Float]
  // Filled once, before anyone else reads.
  private let rows: GrowingBuffer<Int32>
  private let rowStarts: [Int]
  /// What each word may be replaced by, and where the replacements of each begin; empty where there is no dictionary.
  private let replacements: [Int32]
  private let replacementStarts: [Int]

  init(
    _ dictionaries: [WordDictionary], _ arguments: ModelArguments,
    translations: [(first: TrainingText.TranslatedWord, second: TrainingText.TranslatedWord)]
  ) {
    var parts: [Part] = []
    var languages: [UInt16] = []
    var discards: [Float] = []
    let total = dictionaries.reduce(0) { $0 + $1.wordCount }
    rows = GrowingBuffer<Int32>(capacity: total)
    var rowStarts = [0]
    let scratch = GrowingBuffer<Int32>()
    for (language, dictionary) in dictionaries.enumerated() {
      let first = languages.count
      let counts = dictionary.counts[..<dictionary.wordCount]
      parts.append(
        Part(
          dictionary, firstWord: Int32(first),
          NegativeSampler(counts: counts, first: Int32(first)),
          paths: arguments.loss == .hierarchicalSoftmax
            ? Self.paths(counts, first: Int32(first)) : []))
      let extractor = FeatureExtractor(dictionary, arguments)
      for index in 0..<dictionary.wordCount {
        languages.append(UInt16(clamping: language))
        let share = Double(counts[index]) / Double(max(dictionary.tokenCount, 1))
        let ratio = arguments.samplingThreshold / share
        discards.append(Float(max(0, 1 - (ratio.squareRoot() + ratio))))
        Array(dictionary.bytes(index)).withUnsafeBufferPointer {
          extractor.extract(word: $0, scratch)
        }
        for row in scratch.elements {
          let isWord = Int(row) < dictionary.wordCount
          rows.append(
            isWord ? row + Int32(first) : row - Int32(dictionary.wordCount) + Int32(total))
        }
        rowStarts.append(rows.count)
      }
    }
    self.parts = parts
    self.languages = languages
    self.discards = discards
    self.rowStarts = rowStarts
    wordCount = total
    (replacements, replacementStarts) = Self.replacements(translations, parts, total)
  }

  /// The rows of a word: its own, then those of its n-grams.
  @inline(__always) func rows(of word: Int32) -> UnsafeBufferPointer<Int32> {
    rowStarts.withUnsafeBufferPointer { starts in
      let start = starts[Int(word)]
      return UnsafeBufferPointer(
        start: rows.start + start, count: starts[Int(word) + 1] - start)
    }
  }

  /// How many words a word may be replaced by.
  var hasReplacements: Bool { !replacements.isEmpty }

  /// A word that means the same, drawn; the word itself where there is none.
  func replacement(of word: Int32, _ generator: inout SplitMix) -> Int32 {
    let choice = replacements[replacementStarts[Int(word)]..<replacementStarts[Int(word) + 1]]
    return choice.isEmpty
      ? word : choice[choice.startIndex + generator.index(below: choice.count)]
  }

  private static func paths(_ counts: ArraySlice<Int64>, first: Int32) -> [[Int32]] {
    LabelTree(counts: counts).paths().map { path in
      path.map { ($0.decision + first) << 1 | ($0.isRight ? 1 : 0) }
    }
  }

  private static func replacements(
    _ translations: [(first: TrainingText.TranslatedWord, second: TrainingText.TranslatedWord)],
    _ parts: [Part], _ wordCount: Int
  ) -> ([Int32], [Int]) {
    guard !translations.isEmpty else { return ([], []) }
    func number(_ word: TrainingText.TranslatedWord) -> Int32? {
      let part = parts[word.language]
      let index = word.bytes.withUnsafeBufferPointer {
        part.dictionary.index(of: $0, hash: WordHash.of($0))
      }
      return (0..<part.dictionary.wordCount).contains(index) ? Int32(index) + part.firstWord : nil
    }
    var lists = [[Int32]](repeating: [], count: wordCount)
    for (first, second) in translations {
      guard let first = number(first), let second = number(second) else { continue }
      if !lists[Int(first)].contains(second) { lists[Int(first)].append(second) }
      if !lists[Int(second)].contains(first) { lists[Int(second)].append(first) }
    }
    var starts = [0]
    for list in lists { starts.append(starts[starts.count - 1] + list.count) }
    return (lists.flatMap(\.self), starts)
  }
}
