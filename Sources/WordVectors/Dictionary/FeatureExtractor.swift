// SPDX-License-Identifier: Apache-2.0

/// Says which rows of the input matrix a word or a line of text stands for.
///
/// A word's rows are its own, where it is known, and those of its character n-grams: of `<word>`, n counted
/// in UTF-8 characters, without a single `<` or `>`. Word n-grams of a line have rows too. N-grams share
/// `buckets` rows by their hash, after those of the words (Bojanowski et al. 2017; Joulin et al. 2017).
struct FeatureExtractor: Sendable {
  let dictionary: WordDictionary
  private let shortest: Int
  private let longest: Int
  private let wordNGrams: Int
  /// Nil where no n-gram has a row.
  private let remainder: Remainder?
  private let endOfLineIndex: Int
  private let labelPrefix: [UInt8]

  /// - Parameter labelPrefix: What a label begins with that the dictionary does not know.
  init(
    _ dictionary: WordDictionary, _ arguments: ModelArguments,
    labelPrefix: String = WordDictionary.labelPrefix
  ) {
    self.labelPrefix = Array(labelPrefix.utf8)
    self.dictionary = dictionary
    shortest = arguments.minimumCharacters
    longest = arguments.maximumCharacters
    wordNGrams = arguments.wordNGrams
    let hasRows = arguments.usesBuckets && dictionary.pruned?.pairs.isEmpty != true
    remainder = hasRows ? Remainder(dividingBy: UInt32(arguments.buckets)) : nil
    endOfLineIndex = dictionary.index(of: WordDictionary.endOfLine) ?? -1
  }

  /// The rows of one line: its words, their n-grams, word n-grams; and its labels.
  ///
  /// Words are parted by the seven bytes that fastText takes for white space. The line ends at its first
  /// line feed or at its last byte, which stand for `</s>`; a `</s>` in the text ends it too.
  func extract(_ line: UnsafeBufferPointer<UInt8>, _ scratch: LineFeatures) {
    scratch.removeAll()
    var place = 0
    var isEnded = false
    while place < line.count, !isEnded {
      let first = line[place]
      if Self.isSeparator(first) {
        if first == UInt8(ascii: "\n") { break }
        place += 1
        continue
      }
      let start = place
      var hash = WordHash()
      repeat {
        hash.append(line[place])
        place += 1
      } while place < line.count && !Self.isSeparator(line[place])
      isEnded = token(UnsafeBufferPointer(rebasing: line[start..<place]), hash.value, scratch)
    }
    if !isEnded { endLine(scratch) }
    if wordNGrams > 1 { appendWordNGrams(scratch) }
  }

  /// The rows of a word alone.
  func extract(word: UnsafeBufferPointer<UInt8>, _ rows: GrowingBuffer<Int32>) {
    rows.removeAll()
    let index = dictionary.index(of: word, hash: WordHash.of(word))
    if index >= 0, index < dictionary.wordCount { rows.append(Int32(index)) }
    guard !word.elementsEqual(WordDictionary.endOfLine.utf8) else { return }
    appendNGrams(of: word, to: rows)
  }

  /// The n-grams of a word that have a row, in the order of the rows that `extract(word:_:)` gives.
  func nGrams(of word: [UInt8]) -> [[UInt8]] {
    let marked = Self.marked(word)
    var found: [[UInt8]] = []
    marked.withUnsafeBufferPointer { marked in
      forEachNGram(of: marked) { range, hash in
        if row(ofHash: hash) >= 0 { found.append(Array(marked[range])) }
      }
    }
    return found
  }

  /// The row of an n-gram, known or not; -1 where it has none.
  func row(ofNGram nGram: some Sequence<UInt8>) -> Int { Int(row(ofHash: WordHash.of(nGram))) }

  /// Takes a token in and says whether it ends the line.
  @inline(__always) private func token(
    _ token: UnsafeBufferPointer<UInt8>, _ hash: UInt32, _ scratch: LineFeatures
  ) -> Bool {
    let index = dictionary.index(of: token, hash: hash)
    scratch.tokenCount += 1
    if index < 0 {
      if isLabel(token) { return false }
      let isEnd = token.elementsEqual(WordDictionary.endOfLine.utf8)
      if !isEnd { appendNGrams(of: token, to: scratch.rows) }
      scratch.hashes.append(Int32(bitPattern: hash))
      return isEnd
    }
    guard index < dictionary.wordCount else {
      scratch.labels.append(Int32(index - dictionary.wordCount))
      return false
    }
    scratch.rows.append(Int32(index))
    scratch.hashes.append(Int32(bitPattern: hash))
    if index == endOfLineIndex { return true }
    appendNGrams(of: token, to: scratch.rows)
    return false
  }

  private func endLine(_ scratch: LineFeatures) {
    if endOfLineIndex >= 0 { scratch.rows.append(Int32(endOfLineIndex)) }
    scratch.tokenCount += 1
    scratch.hashes.append(Self.endOfLineHash)
  }

  private func appendWordNGrams(_ scratch: LineFeatures) {
    guard let remainder else { return }
    let hashes = UnsafeBufferPointer(scratch.hashes.elements)
    for first in hashes.indices {
      var hash = UInt64(bitPattern: Int64(hashes[first]))
      for next in hashes[(first + 1)...].prefix(wordNGrams - 1) {
        hash = hash &* 116_049_371 &+ UInt64(bitPattern: Int64(next))
        let row = row(ofBucket: UInt32(hash % UInt64(remainder.divisor)))
        if row >= 0 { scratch.rows.append(row) }
      }
    }
  }

  private func appendNGrams(
    of word: UnsafeBufferPointer<UInt8>, to rows: GrowingBuffer<Int32>
  ) {
    guard longest > 0, remainder != nil else { return }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: word.count + 2) { marked in
      marked[0] = UInt8(ascii: "<")
      for place in 0..<word.count { marked[place + 1] = word[place] }
      marked[word.count + 1] = UInt8(ascii: ">")
      forEachNGram(of: UnsafeBufferPointer(marked)) { _, hash in
        let row = row(ofHash: hash)
        if row >= 0 { rows.append(row) }
      }
    }
  }

  /// Calls `body` with the n-grams of a marked word, in fastText's order.
  @inline(__always) private func forEachNGram(
    of word: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>, UInt32) -> Void
  ) {
    for first in 0..<word.count where !Self.isContinuation(word[first]) {
      var hash = WordHash()
      var end = first
      var length = 0
      while end < word.count, length < longest {
        repeat {
          hash.append(word[end])
          end += 1
        } while end < word.count && Self.isContinuation(word[end])
        length += 1
        if length < shortest || length == 1 && (first == 0 || end == word.count) { continue }
        body(first..<end, hash.value)
      }
    }
  }

  @inline(__always) private func row(ofHash hash: UInt32) -> Int32 {
    guard let remainder else { return -1 }
    return row(ofBucket: remainder(hash))
  }

  @inline(__always) private func row(ofBucket bucket: UInt32) -> Int32 {
    guard let pruned = dictionary.pruned else {
      return Int32(dictionary.wordCount) + Int32(bitPattern: bucket)
    }
    let row = pruned.row(of: bucket)
    return row < 0 ? -1 : Int32(dictionary.wordCount) + row
  }

  private static let endOfLineHash = Int32(
    bitPattern: WordHash.of(WordDictionary.endOfLine.utf8))

  private static func marked(_ word: [UInt8]) -> [UInt8] {
    [UInt8(ascii: "<")] + word + [UInt8(ascii: ">")]
  }

  @inline(__always) private static func isContinuation(_ byte: UInt8) -> Bool {
    byte & 0xc0 == 0x80
  }

  /// Space, tab, line feed, vertical tab, form feed, carriage return, and the zero byte.
  @inline(__always) static func isSeparator(_ byte: UInt8) -> Bool {
    byte <= 0x20 && (byte == 0x20 || (0x09...0x0d).contains(byte) || byte == 0)
  }

  @inline(__always) private func isLabel(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
    token[0] == labelPrefix[0] && token.starts(with: labelPrefix)
  }
}

/// What a line of text is for a model; emptied and filled again for each line.
final class LineFeatures {
  /// Rows of the input matrix.
  let rows = GrowingBuffer<Int32>()
  /// Labels in the line, from 0.
  let labels = GrowingBuffer<Int32>(capacity: 16)
  /// The hash of each word, for word n-grams.
  let hashes = GrowingBuffer<Int32>()
  /// Words and labels, `</s>` with them.
  var tokenCount = 0

  func removeAll() {
    rows.removeAll()
    labels.removeAll()
    hashes.removeAll()
    tokenCount = 0
  }
}
