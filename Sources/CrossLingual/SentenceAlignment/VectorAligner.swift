// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// Aligns the sentences of two documents by their vectors, in time and memory that grow with the number of sentences alone.
///
/// The cost of saying that n sentences mean m others is `2 n m (1 − cos) / (a + b)`, where a is the mean of 1 − cos of the one side to
/// random sentences of the other document, b that of the other side; leaving a sentence out costs a percentile of the costs of pairs that do not
/// belong together. Where lengths are given, Gale and Church's δ² / 2, 5 at most, is added with a weight: what is joined by mistake is seldom of the
/// right length. Long documents are halved, by adding up neighbours, until they are short; the cheapest way through is found there, and then only
/// near it when they are made longer again.
///
/// Source: Thompson and Koehn, "Vecalign: improved sentence alignment in linear time and space", 2019.
public struct VectorAligner: Sendable {
  /// The most sentences of both sides together in one alignment; 4 by default, so that up to three mean one.
  public var maximumSize = 4
  /// The share of pairs of single sentences that cost less than leaving one out, among those that do not belong together.
  ///
  /// As many of the cheapest as the shorter document has sentences are taken to belong together. 0.05 by default; vecalign's is 0.2 of all pairs.
  public var deletionShare = 0.05
  /// The weight of lengths; 0.2 by default, 0 as in vecalign.
  public var lengthWeight = 0.2
  /// Characters of the target for one of the source; nil, the default, for what the documents have.
  public var lengthRatio: Double?
  /// How far from the way through the halved documents a better one is looked for, in sentences, beyond half of ``maximumSize``; 5 by default.
  public var searchWidth = 5
  /// Documents whose sentences, multiplied, are more than this squared are halved; 300 by default.
  public var fullSize = 300
  /// Random pairs for what leaving out costs; 20,000 by default.
  public var costSamples = 20_000
  /// Random sentences for what is usual; 100 by default.
  public var normSamples = 100
  /// Seeds what is random; 1 by default.
  public var seed: UInt64 = 1

  /// vecalign's settings, save for the two above.
  public init() {}

  /// The most sentences of a run that vectors are needed for.
  public var overlap: Int { max(1, maximumSize - 1) }

  /// Aligns two documents; every sentence is in one alignment, in order.
  ///
  /// - Parameter lengths: The sentences' lengths in characters; nil for vectors alone.
  /// - Throws: `WordVectorError.Code.argument` where a setting is out of its range, or vectors are missing or differ in length.
  public func align(
    _ source: OverlapVectors, _ target: OverlapVectors,
    lengths: (source: [Int], target: [Int])? = nil
  ) throws(WordVectorError) -> [SentenceAlignment] {
    try check(source, target)
    let model = lengths.map {
      LengthModel($0.source, $0.target, ratio: lengthRatio, variance: LengthAligner().variance)
    }
    // From the documents themselves to their shortest form.
    var levels = [(source: source, target: target)]
    while let last = levels.last, last.source.count * last.target.count > fullSize * fullSize {
      levels.append((last.source.halved(), last.target.halved()))
    }
    var generator = SplitMix(seed: seed)
    var path: [(source: Int, target: Int)] = []
    var found: [AlignmentBand.Part] = []
    for depth in levels.indices.reversed() {
      let (source, target) = levels[depth]
      let costs = VectorCosts(
        source, target, lengths: depth == 0 ? model : nil, self, &generator)
      if depth == levels.count - 1 {
        // At first one by one, in all of it.
        let band = AlignmentBand(full: source.count, target.count)
        path =
          band.cheapestParts([AlignmentStep(1, 1)] + AlignmentStep.deletions, cost: costs.cost)
          .path
      } else {
        path = path.map { ($0.source * 2, $0.target * 2) }
      }
      path.append((source.count, target.count))
      guard depth == 0 || depth < levels.count - 1 else { continue }
      let band = AlignmentBand(around: path, width: width, source.count, target.count)
      let joined = AlignmentStep.joining(upTo: depth == 0 ? maximumSize : 2)
      found = band.cheapestParts(joined + AlignmentStep.deletions, cost: costs.cost)
      path = found.path
    }
    return found.map { part in
      let size = part.step.source * part.step.target
      return SentenceAlignment(
        part.source, part.target, cost: size == 0 ? 0 : max(0, part.cost) / Double(size))
    }
  }

  /// How far from a path another is looked for.
  private var width: Int { max(3, (maximumSize + 1) / 2 + searchWidth) }

  private func check(
    _ source: OverlapVectors, _ target: OverlapVectors
  ) throws(WordVectorError) {
    func require(_ isRight: Bool, _ what: String, _ expected: String, _ found: Any)
      throws(WordVectorError)
    {
      guard !isRight else { return }
      throw WordVectorError(.argument, what, expected: expected, found: "\(found)")
    }
    try require(
      (2...12).contains(maximumSize), "the size of an alignment is out of its range", "2 to 12",
      maximumSize)
    try require(
      (0...1).contains(deletionShare), "the share for leaving out is out of its range", "0 to 1",
      deletionShare)
    try require(
      lengthWeight >= 0 && lengthRatio ?? 1 > 0,
      "the weight or ratio of lengths is out of its range",
      "0 or more", lengthWeight < 0 ? lengthWeight : lengthRatio ?? 1)
    try require(
      searchWidth >= 1 && fullSize >= 1 && costSamples >= 1 && normSamples >= 1,
      "a setting of the alignment is out of its range", "1 or more",
      min(searchWidth, fullSize, costSamples, normSamples))
    try require(
      source.width == target.width, "the vectors of both sides differ in length",
      "\(source.width) numbers on both", "\(target.width) in the target")
    let least = min(source.overlap, target.overlap)
    try require(
      least >= overlap, "vectors of runs of sentences are missing", "runs of up to \(overlap)",
      "up to \(least)")
  }
}
