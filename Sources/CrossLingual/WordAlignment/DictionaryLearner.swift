// SPDX-License-Identifier: Apache-2.0

/// Learns which words translate which from texts that say the same: a word list for a language that has none.
///
/// An ``AlignmentTrainer`` aligns the pairs. A word or phrase of the target and one of the source whose words are linked to each other, and to no
/// other, are counted (phrases as in Koehn and others, 2003, with one word on one side at least); those that are most of what the target is linked
/// to are the list. Of catalogues of programs, whose texts are short, some ten thousand pairs teach some five thousand words.
public struct DictionaryLearner: Sendable {
  /// A word or phrase, and what it is in the other language.
  public struct Entry: Sendable, Hashable {
    /// The word or phrase of the source.
    public var source: String
    /// What it is in the target.
    public var target: String
    /// How often the two were linked.
    public var count: Int
    /// The share of the times that the target stands in the pairs.
    public var share: Double
  }

  /// The fewest times that two are linked; 1.
  public var minimumCount = 1
  /// The least share of the times that the target stands in the pairs at which it is linked to the source; 0.3.
  public var minimumShare = 0.3
  /// The most words of a phrase; 1, words alone.
  public var longestPhrase = 1
  /// What aligns the pairs.
  public var trainer = AlignmentTrainer()

  /// A learner with its defaults.
  public init() {}

  /// The words that pairs teach, sorted by the target, its most frequent source first.
  ///
  /// What is the same on both sides is left out: it needs no translation.
  ///
  /// - Parameters:
  ///   - pairs: source and target words of each pair, in small letters.
  ///   - progress: told of each pass.
  /// - Throws: `AlignmentError` without a pair that has words on both sides.
  public func learn(
    _ pairs: [(source: [String], target: [String])], progress: (String) -> Void = { _ in }
  ) throws(AlignmentError) -> [Entry] {
    let aligner = try trainer.train(pairs, progress: progress)
    let method: Symmetrization = longestPhrase == 1 ? .intersect : .growDiagFinalAnd
    let alignments = aligner.align(pairs, by: method, threads: trainer.threads)
    var links: [String: [String: Int]] = [:]
    var occurrences: [String: Int] = [:]
    for (pair, alignment) in zip(pairs, alignments) {
      for length in 1...max(1, longestPhrase) where length <= pair.target.count {
        for start in 0...pair.target.count - length {
          occurrences[Self.phrase(pair.target, start..<start + length), default: 0] += 1
        }
      }
      for (source, target) in Self.phrases(of: alignment, longest: longestPhrase) {
        links[Self.phrase(pair.target, target), default: [:]][
          Self.phrase(pair.source, source), default: 0] += 1
      }
    }
    return entries(links, occurrences)
  }

  private func entries(
    _ links: [String: [String: Int]], _ occurrences: [String: Int]
  ) -> [Entry] {
    var entries: [Entry] = []
    for (target, sources) in links {
      let total = Double(max(1, occurrences[target] ?? 1))
      for (source, count) in sources where count >= minimumCount && source != target {
        let share = Double(count) / total
        if share >= minimumShare {
          entries.append(Entry(source: source, target: target, count: count, share: share))
        }
      }
    }
    return entries.sorted {
      ($0.target, -$0.count, $0.source) < ($1.target, -$1.count, $1.source)
    }
  }

  /// Spans of source and target whose words are linked to each other and to no others, each word to some, with one word on one side at least.
  private static func phrases(
    of alignment: WordAlignment, longest: Int
  ) -> [(source: Range<Int>, target: Range<Int>)] {
    var result: [(source: Range<Int>, target: Range<Int>)] = []
    let (bySource, byTarget) = (
      Dictionary(grouping: alignment.links, by: \.source).mapValues { $0.map(\.target) },
      Dictionary(grouping: alignment.links, by: \.target).mapValues { $0.map(\.source) }
    )
    for (target, sources) in byTarget {
      // One word of the target and those of the source that it alone is linked to.
      if let span = span(sources, longest), span.allSatisfy({ bySource[$0] == [target] }) {
        result.append((span, target..<target + 1))
      }
    }
    for (source, targets) in bySource where targets.count > 1 {
      if let span = span(targets, longest), span.allSatisfy({ byTarget[$0] == [source] }) {
        result.append((source..<source + 1, span))
      }
    }
    return result
  }

  /// The places as a range, where nothing is between them and they are not too many.
  private static func span(_ places: [Int], _ longest: Int) -> Range<Int>? {
    guard places.count <= longest, let first = places.min(), let last = places.max(),
      last - first + 1 == places.count
    else { return nil }
    return first..<last + 1
  }

  private static func phrase(_ words: [String], _ range: Range<Int>) -> String {
    words[range].joined(separator: " ")
  }
}
