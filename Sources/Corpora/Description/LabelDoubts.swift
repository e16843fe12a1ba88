// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Finds texts whose labels are doubtful: copies with another label, and what naive Bayes foretells otherwise.
///
/// Complement naive Bayes (Rennie et al. 2003) foretells each text from the nine tenths of the others that it
/// is not among. Its scores are made probabilities by the temperature under which the given labels are
/// likeliest (Guo et al. 2017), so that a model that knows little doubts little. A label is doubtful where
/// another one is at least ten times as probable. That is a hint where the foretelling is good, and little where it
/// is not: the share that is foretold right is told beside it.
struct LabelDoubts: Sendable {
  /// A labelled text.
  struct Item: Sendable {
    var text: [UInt8]
    var label: String
    var place: RecordPlace
  }

  private static let binCount = 1 << 16
  private static let foldCount = 10
  /// How many times as probable another label is from which the given one is doubtful.
  static let doubtful = 10.0
  /// How many labels are told apart at most; more would take too much room.
  static let labelLimit = 64

  private let items: [Item]
  private let labels: [String]
  private let classes: [Int]
  private let features: [[Int32]]
  private let names: [String]

  /// Doubts over labelled texts of one language; `names` are those of the files.
  init(_ items: [Item], names: [String]) {
    self.items = items
    self.names = names
    let labels = Set(items.map(\.label)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.labels = labels
    let indices = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    classes = items.map { indices[$0.label] ?? 0 }
    features = items.map { item in
      var bins: Set<Int32> = []
      WordScanner.forEach(in: item.text) { hash, _ in bins.insert(Self.bin(hash)) }
      return bins.sorted()
    }
  }

  /// What was found.
  struct Result: Sendable {
    /// The share of labels that were foretold; nil where it was not tried.
    var foretold: Double?
    /// The doubtful ones, the most doubtful first.
    var suspects: [CorpusDescription.Suspect] = []
  }

  /// Looks for doubtful labels.
  func find() -> Result {
    guard labels.count > 1 else { return Result() }
    var suspects: [Int: CorpusDescription.Suspect] = [:]
    var result = Result()
    if items.count >= 2 * Self.foldCount, labels.count <= Self.labelLimit {
      result.foretold = foretell { suspects[$0] = $1 }
    }
    // A copy that is labelled otherwise is stronger evidence than any words.
    contradictions { suspects[$0] = $1 }
    result.suspects = suspects.keys.sorted().compactMap { suspects[$0] }.enumerated()
      .sorted { ($1.element.strength, $0.offset) < ($0.element.strength, $1.offset) }
      .map(\.element)
    return result
  }

  private static func bin(_ hash: UInt64) -> Int32 {
    Int32(truncatingIfNeeded: hash & UInt64(binCount - 1))
  }

  private func foretell(_ body: (Int, CorpusDescription.Suspect) -> Void) -> Double {
    var model = NaiveBayes(classes: labels.count, bins: Self.binCount)
    for index in items.indices { model.add(features[index], to: classes[index], 1) }
    // By the text, so that its copies are on the same side.
    let folds = items.map {
      Int(TextFingerprint($0.text, seed: 7).low % UInt64(Self.foldCount))
    }
    var scores = [[Double]](repeating: [], count: items.count)
    var words = [[String]](repeating: [], count: items.count)
    var right = 0
    for fold in 0..<Self.foldCount {
      let members = items.indices.filter { folds[$0] == fold }
      for index in members { model.add(features[index], to: classes[index], -1) }
      for index in members {
        scores[index] = model.scores(features[index])
        let best = Self.best(scores[index])
        if best == classes[index] {
          right += 1
        } else {
          words[index] = tellingWords(of: index, for: best, against: classes[index], model)
        }
      }
      for index in members { model.add(features[index], to: classes[index], 1) }
    }
    let temperature = Calibration.temperature(scores, classes)
    for index in items.indices where !words[index].isEmpty {
      let probabilities = Calibration.probabilities(scores[index], temperature)
      let best = Self.best(scores[index])
      let (most, given) = (probabilities[best], max(probabilities[classes[index]], 1e-9))
      guard most >= Self.doubtful * given else { continue }
      let evidence =
        "naive Bayes \(PlainTable.fixed(most, places: 2)) to \(PlainTable.fixed(given, places: 2)): "
        + words[index].joined(separator: ", ")
      body(index, suspect(index, other: labels[best], strength: logarithm(most / given), evidence))
    }
    return Double(right) / Double(items.count)
  }

  private static func best(_ scores: [Double]) -> Int {
    scores.indices.max { (scores[$0], $1) < (scores[$1], $0) } ?? 0
  }

  /// The words of a text that speak most for one label against another.
  private func tellingWords(
    of index: Int, for best: Int, against given: Int, _ model: NaiveBayes
  ) -> [String] {
    var words: [(weight: Double, start: Int, text: String)] = []
    let text = items[index].text
    WordScanner.forEach(in: text) { hash, range in
      let weight = model.weight(Self.bin(hash), best) - model.weight(Self.bin(hash), given)
      words.append((weight, range.lowerBound, String(decoding: text[range], as: UTF8.self)))
    }
    words.sort { ($1.weight, $0.start) < ($0.weight, $1.start) }
    var best: [String] = []
    for word in words where best.count < 4 && word.weight > 0 && !best.contains(word.text) {
      best.append(word.text)
    }
    return best
  }

  private func contradictions(_ body: (Int, CorpusDescription.Suspect) -> Void) {
    let minHash = MinHash(count: 64)
    let threshold = 0.6
    var index = NearIndex(
      width: minHash.count, banding: Banding(threshold: threshold, places: minHash.count),
      threshold: threshold, memory: .max / 4)
    var members: [Int] = []
    for (number, item) in items.enumerated() {
      let key = NearIndex.Key(
        sketch: minHash.sketch(item.text), fingerprint: TextFingerprint(item.text, seed: 1))
      guard let found = index.find(key) else {
        index.insert(key, at: item.place)
        members.append(number)
        continue
      }
      let other = items[members[found.item]]
      guard other.label != item.label else { continue }
      let likeness = PlainTable.fixed(found.likeness, places: 2)
      body(
        number,
        suspect(
          number, other: other.label, strength: 100 + found.likeness,
          "\(likeness) like \(other.place.description(in: names)), which is \(other.label)"))
    }
  }

  private func suspect(
    _ index: Int, other: String, strength: Double, _ evidence: String
  ) -> CorpusDescription.Suspect {
    .init(
      place: items[index].place.description(in: names), label: items[index].label, other: other,
      strength: strength, evidence: evidence, text: TextCleaner.cut(items[index].text))
  }
}
