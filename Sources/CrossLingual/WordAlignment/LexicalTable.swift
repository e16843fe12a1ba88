// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How probable each target word is as the translation of a source word, p(t | s), for words that occur in a pair together.
///
/// Rows lie end to end, their targets sorted. One more row, for the empty word, has every target word.
struct LexicalTable: Sendable {
  /// Where the row of a source word begins; the empty word's row is the last.
  let starts: [Int]
  /// The target words of each row.
  let targets: [Int32]
  /// p(t | s), entry by entry.
  var values: [Float]

  /// The row of the empty word.
  var emptyRow: Int { starts.count - 2 }

  /// The pairs of words that occur in a corpus, all targets of a word equally probable.
  init(_ corpus: AlignmentCorpus) {
    let (sources, targets) = (corpus.source, corpus.target)
    // The sentences that each source word occurs in.
    var counts = [Int](repeating: 0, count: sources.vocabularySize + 1)
    for word in sources.words { counts[Int(word) + 1] += 1 }
    for word in 0..<sources.vocabularySize { counts[word + 1] += counts[word] }
    var cursor = counts
    var occurrences = [Int32](repeating: 0, count: sources.words.count)
    for index in 0..<corpus.count {
      for word in sources.sentence(index) {
        occurrences[cursor[Int(word)]] = Int32(index)
        cursor[Int(word)] += 1
      }
    }
    var starts = [0]
    var rows: [Int32] = []
    var seen = [Int32](repeating: -1, count: targets.vocabularySize)
    for word in 0..<sources.vocabularySize {
      var row: [Int32] = []
      var last: Int32 = -1
      for sentence in occurrences[counts[word]..<counts[word + 1]] where sentence != last {
        last = sentence
        for target in targets.sentence(Int(sentence)) where seen[Int(target)] != Int32(word) {
          seen[Int(target)] = Int32(word)
          row.append(target)
        }
      }
      rows += row.sorted()
      starts.append(rows.count)
    }
    rows += (0..<Int32(targets.vocabularySize))
    starts.append(rows.count)
    self.init(starts: starts, targets: rows)
  }

  /// A table of these entries, all targets of a word equally probable.
  init(starts: [Int], targets: [Int32]) {
    self.starts = starts
    self.targets = targets
    values = [Float](repeating: 0, count: targets.count)
    for row in 0..<starts.count - 1 {
      let share = 1 / Float(max(1, starts[row + 1] - starts[row]))
      for entry in starts[row]..<starts[row + 1] { values[entry] = share }
    }
  }

  /// The entry of a pair of words; nil where they never occurred together.
  func entry(_ source: Int, _ target: Int32) -> Int? {
    var (low, high) = (starts[source], starts[source + 1])
    if source == emptyRow { return low + Int(target) }
    while low < high {
      let middle = (low + high) / 2
      if targets[middle] < target { low = middle + 1 } else { high = middle }
    }
    return low < starts[source + 1] && targets[low] == target ? low : nil
  }

  /// Sets p(t | s) from expected counts under a Dirichlet prior, by its variational posterior: exp(Ψ(c + κπ)) / exp(Ψ(Σc + Σκπ)).
  ///
  /// - Parameters:
  ///   - counts: an expected count for each entry.
  ///   - prior: the prior's count for each entry.
  mutating func estimate(counts: [Double], prior: [Float]) {
    for row in 0..<starts.count - 1 {
      let range = starts[row]..<starts[row + 1]
      var total = 0.0
      for entry in range { total += counts[entry] + Double(prior[entry]) }
      guard total > 0 else { continue }
      let below = Self.digamma(total)
      for entry in range {
        values[entry] = Float(exp(Self.digamma(counts[entry] + Double(prior[entry])) - below))
      }
    }
  }

  /// The table without what is less probable than a limit; the empty word's row, which is found by the target's number, stays whole.
  func pruned(below limit: Float) -> LexicalTable {
    var starts = [0]
    var (targets, values): ([Int32], [Float]) = ([], [])
    for row in 0..<self.starts.count - 1 {
      for entry in self.starts[row]..<self.starts[row + 1]
      where row == emptyRow || self.values[entry] >= limit {
        targets.append(self.targets[entry])
        values.append(self.values[entry])
      }
      starts.append(targets.count)
    }
    var table = LexicalTable(starts: starts, targets: targets)
    table.values = values
    return table
  }

  /// Ψ(x), the derivative of log Γ, for x > 0: the recurrence up to 7, then the asymptotic series.
  static func digamma(_ value: Double) -> Double {
    var (x, result) = (max(value, 1e-10), 0.0)
    while x < 7 {
      result -= 1 / x
      x += 1
    }
    let square = 1 / (x * x)
    return result + log(x) - 0.5 / x
      - square * (1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252 - square / 240)))
  }
}
