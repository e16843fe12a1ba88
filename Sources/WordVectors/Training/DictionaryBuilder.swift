// SPDX-License-Identifier: Apache-2.0

/// Counts words and labels for a dictionary.
///
/// When there are more different words than ``limit``, the rarest are dropped, and ever commoner ones as
/// often as that happens again, so that memory is bounded whatever the text's size.
struct DictionaryBuilder {
  /// The most different words and labels that are counted at once.
  static let limit = 8_000_000

  private var text: [UInt8] = []
  private var starts = [0]
  private var counts: [Int64] = []
  private var table = WordTable(capacity: 1 << 12)
  private var tokenCount: Int64 = 0
  private var least: Int64 = 1

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
      add(token: token)
      if token.elementsEqual(WordDictionary.endOfLine.utf8) { return }
    }
    Array(WordDictionary.endOfLine.utf8).withUnsafeBufferPointer { add(token: $0) }
  }

  private mutating func add(token: UnsafeBufferPointer<UInt8>) {
    tokenCount += 1
    let hash = WordHash.of(token)
    let index = table.index(hash) { isEqual($0, token) }
    if index >= 0 {
      counts[index] += 1
      return
    }
    text.append(contentsOf: token)
    starts.append(text.count)
    counts.append(1)
    table.reserve(counts.count)
    table.insert(hash, counts.count - 1) { _ in false }
    if counts.count >= Self.limit { dropRarest() }
  }

  /// The dictionary of words and labels that came at least so often, the commonest first, of equal ones that
  /// which came first.
  func dictionary(minimumCount: Int, minimumLabelCount: Int = 0) -> WordDictionary {
    let kept = counts.indices.filter {
      counts[$0] >= Int64(isLabel($0) ? minimumLabelCount : minimumCount)
    }
    let sorted = kept.map { (isLabel: isLabel($0), count: counts[$0], index: $0) }.sorted {
      ($0.isLabel ? 1 : 0, -$0.count, $0.index) < ($1.isLabel ? 1 : 0, -$1.count, $1.index)
    }
    var text: [UInt8] = []
    var starts = [0]
    for entry in sorted {
      text += self.text[self.starts[entry.index]..<self.starts[entry.index + 1]]
      starts.append(text.count)
    }
    return WordDictionary(
      text: text, starts: starts, counts: sorted.map(\.count),
      wordCount: sorted.count { !$0.isLabel }, tokenCount: tokenCount)
  }

  private mutating func dropRarest() {
    while counts.count >= Self.limit / 4 * 3 {
      least += 1
      var smaller = DictionaryBuilder()
      for index in counts.indices where counts[index] >= least || isLabel(index) {
        let word = text[starts[index]..<starts[index + 1]]
        smaller.text += word
        smaller.starts.append(smaller.text.count)
        smaller.counts.append(counts[index])
        smaller.table.reserve(smaller.counts.count)
        smaller.table.insert(WordHash.of(word), smaller.counts.count - 1) { _ in false }
      }
      // Labels are never dropped; where nothing else is left, there is no more to gain.
      let isDone = smaller.counts.count == counts.count && counts.allSatisfy { $0 >= least }
      (text, starts, counts, table) = (smaller.text, smaller.starts, smaller.counts, smaller.table)
      if isDone, least > tokenCount { return }
    }
  }

  private func isLabel(_ index: Int) -> Bool {
    text[starts[index]..<starts[index + 1]].starts(with: WordDictionary.labelPrefix.utf8)
  }

  private func isEqual(_ index: Int, _ token: UnsafeBufferPointer<UInt8>) -> Bool {
    text.withUnsafeBufferPointer { text in
      let start = starts[index]
      guard starts[index + 1] - start == token.count else { return false }
      for place in 0..<token.count where text[start + place] != token[place] { return false }
      return true
    }
  }
}
