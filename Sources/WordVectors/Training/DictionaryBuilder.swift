// SPDX-License-Identifier: Apache-2.0

/// Counts words and labels for a dictionary, as fastText does.
///
/// When there are more different words than ``limit``, those that came less than twice are dropped, at the next such
/// moment those that came less than three times, and so on, so that memory is bounded whatever the text's size.
struct DictionaryBuilder {
  /// The most different words and labels that are counted at once; fastText's.
  static let standardLimit = 22_500_000

  var limit = standardLimit
  private let labelPrefix: String.UTF8View
  private var text: [UInt8] = []
  private var starts = [0]
  private var counts: [Int64] = []
  /// A number for each entry that never changes, though entries are dropped and put in order.
  private var serials: [Int32] = []
  private var table = WordTable(capacity: 1 << 12)
  private(set) var tokenCount: Int64 = 0
  /// How many serial numbers were given.
  private(set) var serialCount: Int32 = 0
  private var least: Int64 = 1

  private static let endOfLine = Array(WordDictionary.endOfLine.utf8)
  private static let endOfLineHash = WordHash.of(endOfLine)

  /// Counts nothing yet.
  init(labelPrefix: String = WordDictionary.labelPrefix) { self.labelPrefix = labelPrefix.utf8 }

  /// Counts a line's tokens, and `</s>` at its end.
  mutating func add(_ line: UnsafeBufferPointer<UInt8>) {
    var place = 0
    while place < line.count {
      guard !FeatureExtractor.isSeparator(line[place]) else {
        if line[place] == UInt8(ascii: "\n") { break }
        place += 1
        continue
      }
      let start = place
      while place < line.count, !FeatureExtractor.isSeparator(line[place]) { place += 1 }
      let token = UnsafeBufferPointer(rebasing: line[start..<place])
      add(token: token, WordHash.of(token))
      if token.elementsEqual(Self.endOfLine) { return }
    }
    addEndOfLine()
  }

  /// Counts `</s>` and returns its serial number.
  @discardableResult mutating func addEndOfLine() -> Int32 {
    Self.endOfLine.withUnsafeBufferPointer { add(token: $0, Self.endOfLineHash) }
  }

  /// Counts a token and returns its serial number.
  @discardableResult @inline(__always) mutating func add(
    token: UnsafeBufferPointer<UInt8>, _ hash: UInt32
  ) -> Int32 {
    tokenCount += 1
    let index = table.index(hash) { isEqual($0, token) }
    guard index < 0 else {
      counts[index] += 1
      return serials[index]
    }
    return insert(token, hash)
  }

  @inline(never) private mutating func insert(
    _ token: UnsafeBufferPointer<UInt8>, _ hash: UInt32
  ) -> Int32 {
    let serial = serialCount
    serialCount += 1
    append(token, count: 1, serial: serial)
    if counts.count > limit { dropRarest() }
    return serial
  }

  private mutating func append(
    _ token: some Collection<UInt8>, count: Int64, serial: Int32
  ) {
    text.append(contentsOf: token)
    starts.append(text.count)
    counts.append(count)
    serials.append(serial)
    table.reserve(counts.count)
    table.insert(WordHash.of(token), counts.count - 1) { _ in false }
  }

  /// The dictionary of words and labels that came at least so often, the commonest first.
  ///
  /// Those that came equally often stand in the order in which fastText has them.
  ///
  /// - Parameter added: Words that are in it in any case, and count once more.
  func dictionary(
    minimumCount: Int, minimumLabelCount: Int = 0, adding added: [[UInt8]] = []
  ) -> WordDictionary {
    numberedDictionary(
      minimumCount: minimumCount, minimumLabelCount: minimumLabelCount, adding: added
    ).dictionary
  }

  /// The dictionary and, for each serial number, the index of its word; -1 where it is none.
  func numberedDictionary(
    minimumCount: Int, minimumLabelCount: Int = 0, adding added: [[UInt8]] = []
  ) -> (dictionary: WordDictionary, indices: [Int32]) {
    var kept = keeping(Int64(minimumCount), Int64(minimumLabelCount))
    if !added.isEmpty {
      for word in added {
        word.withUnsafeBufferPointer { _ = kept.add(token: $0, WordHash.of($0)) }
      }
      kept = kept.keeping(1, 0)
    }
    let wordCount = kept.counts.indices.count { !kept.isLabel($0) }
    var indices = [Int32](repeating: -1, count: Int(max(serialCount, kept.serialCount)))
    for index in 0..<wordCount { indices[Int(kept.serials[index])] = Int32(index) }
    let dictionary = WordDictionary(
      text: kept.text, starts: kept.starts, counts: kept.counts, wordCount: wordCount,
      tokenCount: tokenCount)
    return (dictionary, indices)
  }

  private mutating func removeEntries() {
    text = []
    starts = [0]
    counts = []
    serials = []
    table = WordTable(capacity: 1 << 12)
  }

  private mutating func dropRarest() {
    least += 1
    // Labels are never dropped.
    self = keeping(least, 0)
  }

  /// What came at least so often: words, then labels, the commonest first.
  private func keeping(_ minimumCount: Int64, _ minimumLabelCount: Int64) -> DictionaryBuilder {
    let order = LibrarySort.sorted(
      counts.indices.map { (isLabel: isLabel($0), count: counts[$0], index: $0) }
    ) { $0.isLabel == $1.isLabel ? $0.count > $1.count : $1.isLabel }
    var smaller = self
    smaller.removeEntries()
    for entry in order where entry.count >= (entry.isLabel ? minimumLabelCount : minimumCount) {
      smaller.append(
        text[starts[entry.index]..<starts[entry.index + 1]], count: entry.count,
        serial: serials[entry.index])
    }
    return smaller
  }

  private func isLabel(_ index: Int) -> Bool {
    text[starts[index]..<starts[index + 1]].starts(with: labelPrefix)
  }

  @inline(__always) private func isEqual(
    _ index: Int, _ token: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    text.withUnsafeBufferPointer { text in
      let start = starts[index]
      guard starts[index + 1] - start == token.count else { return false }
      for place in 0..<token.count where text[start + place] != token[place] { return false }
      return true
    }
  }
}
