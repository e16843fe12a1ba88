// SPDX-License-Identifier: Apache-2.0

import Tasks
import Torch
import Transformers

/// A weighted sum of ``AlignmentTerm``s over pairs of texts.
///
/// Batches may be larger than what is computed at once: vectors of all pairs are made without gradients first, the loss of the whole batch
/// says how each vector should move, and parts of the batch are then gone through again with gradients (gradient caching; Gao and
/// others, 2021). That takes half as much time again, memory for one part, and gives the same gradients.
public struct AlignmentObjective: TrainingObjective {
  /// How the loss is made.
  public struct Settings: Sendable, Equatable, Codable {
    /// The terms.
    public var terms = [AlignmentTerm(.contrastive), AlignmentTerm(.pivot)]
    /// What steps are made of.
    public var sampling = PairSampling()
    /// The most pairs that are computed at once with gradients; 64.
    public var partSize = 64
    /// Sources that are near a pair's own by the frozen body, without being it, which the batch has beside those of its pairs; 0.
    public var hardNegatives = 0

    /// Contrast and pivot, pairs as they are.
    public init() {}

    func validate() throws(TrainingError) {
      guard terms.contains(where: { $0.weight.isUsed }) else {
        throw TrainingError(.plan, "an alignment needs a term with a weight above 0")
      }
      for term in terms { try term.validate() }
      try sampling.validate()
      guard partSize > 0, hardNegatives >= 0 else {
        throw TrainingError(
          .plan,
          "'partSize' must be at least 1 and 'hardNegatives' at least 0, found \(partSize) and \(hardNegatives)"
        )
      }
    }
  }

  /// The body as it learns.
  let body: Encoder
  let pooling: Pooling
  /// The pieces that the body is restricted to; nil for all.
  let pieces: PieceSubset?
  let rows: AlignmentRows
  /// Sources by the frozen body, `[sources, width]`.
  let pivots: PivotVectors
  /// The source's linked words by the frozen body, `[words, width]`; nil where no term reads words.
  let wordPivots: Tensor?
  let settings: Settings
  /// The loss on development pairs.
  let development: () throws -> Double?

  /// As many as pairs.
  public var exampleCount: Int { rows.count }

  /// Whole epochs of the sampling.
  public func batchCount(size: Int) -> Int {
    settings.sampling.batchCount(rows.counts, size: size)
  }

  /// Pairs as the sampling has them.
  public func batches(size: Int, seed: UInt64, during span: ClosedRange<Double>) -> [[Int]] {
    let languages = rows.pairs.map(\.language)
    let batches = settings.sampling.batches(languages, rows.counts, size: size, seed: seed)
    return settings.sampling.withinCompetence(
      batches, languages, difficulties: rows.pairs.map(rows.length), during: span, seed: seed)
  }

  /// The loss on development pairs.
  public func developmentLoss() throws -> Double? { try development() }

  /// The loss with the weights of the beginning, for all examples at once.
  public func loss(_ examples: [Int], dropout: Dropout) throws -> Tensor {
    let moment = TrainingMoment(step: 0, of: 1, dropout: dropout)
    let terms = terms(at: moment)
    let looks = looks(examples, terms)
    let parts = try looks.map { look in
      try look.rows.indices.map { try vectors(look, $0, dropout) }
    }
    return try sum(terms, pairs(examples, looks, parts))
  }

  /// Gradients in parts, where there are more pairs than ``Settings/partSize``.
  public func addGradients(_ examples: [Int], at moment: TrainingMoment) throws -> Double {
    let terms = terms(at: moment)
    guard !terms.isEmpty else { return 0 }
    let looks = looks(examples, terms)
    var leaves: [[Tensor]] = []
    let isWhole = examples.count <= settings.partSize
    // What is drawn in a part is drawn again when it is gone through with gradients.
    let seeds = try looks.map { try $0.rows.map { _ in try Engine.draw() } }
    func vectors(_ look: Int, _ part: Int) throws -> Tensor {
      try Engine.seed(seeds[look][part])
      return try moment.products { try self.vectors(looks[look], part, moment.dropout) }
    }
    for (number, look) in looks.enumerated() {
      leaves.append(
        try look.rows.indices.map { part in
          if isWhole { return try vectors(number, part) }
          let leaf = try GradientMode.disabled { try vectors(number, part).clone() }
          try leaf.setRequiresGradient()
          return leaf
        })
    }
    let loss = try sum(terms, pairs(examples, looks, leaves))
    let value = try loss.item()
    guard value.isFinite else { return value }
    try loss.multiplied(by: moment.share).backward()
    guard !isWhole else { return value }
    for (number, parts) in leaves.enumerated() {
      for (part, leaf) in parts.enumerated() {
        guard let gradient = try leaf.gradient() else { continue }
        let again = try vectors(number, part)
        try moment.products { try again.multiplied(by: gradient).sum().backward() }
      }
    }
    return value
  }

  /// What has to be encoded of a batch, in parts.
  private struct Look {
    enum Kind { case target, other, source }
    let kind: Kind
    /// Rows of each part.
    let rows: [[[Int32]]]
    /// Of targets, the numbers of the links that are read of each row's pair; empty where none are.
    var links: [[[Int]]] = []
    /// The pairs of rows of which links are read.
    var pairs: [[Int]] = []
  }

  /// The most links of a batch that are compared with each other: of more, every second, third, or as it comes.
  private static let linkLimit = 2048

  private func looks(_ examples: [Int], _ terms: [(AlignmentTerm, Double)]) -> [Look] {
    func parts<Element>(_ all: [Element]) -> [[Element]] {
      stride(from: 0, to: all.count, by: settings.partSize).map {
        Array(all[$0..<min($0 + settings.partSize, all.count)])
      }
    }
    let targets = parts(examples.map { rows.pairs[$0].target })
    var result = [Look(kind: .target, rows: targets)]
    if let words = rows.words, terms.contains(where: \.0.readsWords) {
      let all = examples.reduce(0) { $0 + words.targets[$1].count }
      let step = max(1, (all + Self.linkLimit - 1) / Self.linkLimit)
      var number = -1
      let chosen = examples.map { pair in
        words.targets[pair].indices.filter { _ in
          number += 1
          return number.isMultiple(of: step)
        }
      }
      (result[0].links, result[0].pairs) = (parts(chosen), parts(examples))
    }
    if terms.contains(where: \.0.readsTwice) { result.append(Look(kind: .other, rows: targets)) }
    if terms.contains(where: \.0.readsSources) {
      let sources = examples.map { rows.sources[rows.pairs[$0].source] }
      result.append(Look(kind: .source, rows: parts(sources)))
    }
    return result
  }

  /// The vectors of a batch, from those of the parts of its looks.
  private func pairs(
    _ examples: [Int], _ looks: [Look], _ parts: [[Tensor]]
  ) throws -> PairVectors {
    var result = try frozenPart(examples)
    for (look, parts) in zip(looks, parts) {
      var texts = parts
      if !look.links.isEmpty {
        // Behind the texts of a part stand its words.
        var words: [Tensor] = []
        for (part, rows) in look.rows.enumerated() where parts[part].shape[0] > rows.count {
          let count = parts[part].shape[0]
          texts[part] = try parts[part].narrowed(0, start: 0, length: rows.count)
          words.append(
            try parts[part].narrowed(0, start: rows.count, length: count - rows.count))
        }
        result.words = try self.words(look, words)
      }
      let whole = try Tensor.concatenated(texts)  // [pairs, width]
      switch look.kind {
      case .target: result.targets = whole
      case .other: result.others = whole
      case .source: result.sources = whole
      }
    }
    return result
  }

  private func terms(at moment: TrainingMoment) -> [(AlignmentTerm, Double)] {
    settings.terms.map { ($0, $0.weight.value(at: moment.progress)) }.filter { $0.1 > 0 }
  }

  private func sum(_ terms: [(AlignmentTerm, Double)], _ pairs: PairVectors) throws -> Tensor {
    var result: Tensor?
    for (term, weight) in terms {
      let loss = try term.loss(pairs).multiplied(by: weight)
      result = try result?.adding(loss) ?? loss
    }
    return try result ?? pairs.targets.sum().multiplied(by: 0)
  }

  /// Vectors of a part's rows by the body as it is, and behind them those of its linked words, `[rows + words, width]`.
  private func vectors(_ look: Look, _ part: Int, _ dropout: Dropout) throws -> Tensor {
    let ids = look.rows[part]
    let batch = try PackedBatch(pieces?.renumbered(ids) ?? ids, for: body.configuration)
    let states = try body(batch, dropout: dropout)
    let texts = try pooling(states, batch).normalized()
    guard !look.links.isEmpty, let linked = rows.words else { return texts }
    let words = zip(look.pairs[part], look.links[part]).enumerated().flatMap { row, pair in
      pair.1.map { (row: row, tokens: linked.targets[pair.0][$0]) }
    }
    guard let words = try WordPooling.vectors(states, batch, words) else { return texts }
    return try Tensor.concatenated([texts, words])
  }

  /// The links of a batch, with the vectors of targets' words; nil for none.
  private func words(_ look: Look, _ targets: [Tensor]) throws -> PairVectors.WordVectors? {
    guard let linked = rows.words, let wordPivots, !targets.isEmpty else { return nil }
    var places: [Int] = []
    var weights: [Float] = []
    for (pair, links) in zip(look.pairs.joined(), look.links.joined()) {
      places += links.map { linked.sources[pair][$0] }
      weights += links.map { _ in rows.pairs[pair].weight }
    }
    let mean = weights.reduce(0, +) / Float(weights.count)
    return PairVectors.WordVectors(
      targets: try Tensor.concatenated(targets),
      pivots: try wordPivots.gathered(0, Tensor(places.map(Int64.init))),
      weights: try Tensor(weights.map { mean > 0 ? $0 / mean : 1 }),
      numbers: places.map { linked.words[$0] })
  }

  /// All of a batch that does not move.
  private func frozenPart(_ examples: [Int]) throws -> PairVectors {
    let members = examples.map { rows.pairs[$0] }
    let numbers = members.map(\.source)
    let own = try pivots.vectors.gathered(0, Tensor(numbers.map(Int64.init)))
    let near = pivots.negatives(of: numbers)
    let mean = members.reduce(0) { $0 + $1.weight } / Float(members.count)
    return PairVectors(
      targets: own, pivots: own,
      negatives: near.isEmpty
        ? nil : try pivots.vectors.gathered(0, Tensor(near.map(Int64.init))),
      weights: try Tensor(members.map { mean > 0 ? $0.weight / mean : 1 }), numbers: numbers,
      negativeNumbers: near, spread: pivots.spread)
  }
}
