// SPDX-License-Identifier: Apache-2.0

import Torch

/// The vectors of a batch of pairs, all of length one.
struct PairVectors {
  /// Of targets, by the body that learns, `[pairs, width]`.
  var targets: Tensor
  /// Of targets, a second time under other dropout, `[pairs, width]`.
  var others: Tensor?
  /// Of sources, by the body that learns, `[pairs, width]`.
  var sources: Tensor?
  /// Of sources, by the frozen body, `[pairs, width]`.
  let pivots: Tensor
  /// Of hard negatives, by the frozen body, `[negatives, width]`.
  let negatives: Tensor?
  /// What each pair counts, `[pairs]`, of mean one.
  let weights: Tensor
  /// For each pair, the number of its source; pairs of one source are no negatives of each other.
  let numbers: [Int]
  /// For each hard negative, the number of that source.
  let negativeNumbers: [Int]
  /// The mean squared distance of frozen sources to their mean: what distances are measured by.
  let spread: Double
  /// Words that have a partner; nil where the batch has none.
  var words: WordVectors?

  /// Words of a batch that have a partner, of length one.
  struct WordVectors {
    /// Of targets, by the body that learns, `[links, width]`.
    let targets: Tensor
    /// Of their partners, by the frozen body, `[links, width]`.
    let pivots: Tensor
    /// What each link counts, as its pair, `[links]`, of mean one.
    let weights: Tensor
    /// For each link, the number of the source's word; links of one word are no negatives of each other.
    let numbers: [Int]
  }
}

extension AlignmentTerm {
  /// The term's loss, a scalar.
  func loss(_ pairs: PairVectors) throws -> Tensor {
    switch kind {
    case .contrastive: return try contrast(pairs)
    case .pivot: return try Self.distance(pairs.targets, pairs.pivots, pairs)
    case .keep: return try Self.distance(pairs.sources ?? pairs.pivots, pairs.pivots, pairs)
    case .agreement: return try Self.distance(pairs.targets, pairs.others ?? pairs.targets, pairs)
    case .uniformity: return try Self.potential(pairs)
    case .decorrelation: return try Self.crossCorrelation(pairs)
    case .words: return try wordContrast(pairs)
    case .entropy:
      let scores = try cosines(pairs, pairs.pivots)  // [pairs, sources]
      let logs = try scores.logSoftmax()
      return try logs.exp().multiplied(by: logs).sum([1]).multiplied(by: pairs.weights).mean()
        .multiplied(by: -1)
    }
  }

  /// The weighted mean of squared distances, over the spread of what is looked for.
  private static func distance(
    _ left: Tensor, _ right: Tensor, _ pairs: PairVectors
  ) throws -> Tensor {
    try left.subtracting(right).power(2).sum([1]).multiplied(by: pairs.weights).mean()
      .multiplied(by: 1 / pairs.spread)
  }

  /// Cosines of targets with the batch's sources and hard negatives over the temperature, `[pairs, sources]`.
  ///
  /// A source that is a pair's own, in another place of the batch, is taken out.
  private func cosines(_ pairs: PairVectors, _ sources: Tensor) throws -> Tensor {
    let all = try pairs.negatives.map { try Tensor.concatenated([sources, $0]) } ?? sources
    return try cosines(pairs.targets, all, pairs.numbers, pairs.numbers + pairs.negativeNumbers)
  }

  /// Cosines over the temperature, without those of columns that are a row's own in another place.
  private func cosines(
    _ rows: Tensor, _ columns: Tensor, _ rowNumbers: [Int], _ columnNumbers: [Int]
  ) throws -> Tensor {
    var mask = [Float](repeating: 0, count: rowNumbers.count * columnNumbers.count)
    for (row, number) in rowNumbers.enumerated() {
      for (column, other) in columnNumbers.enumerated() where other == number && column != row {
        mask[row * columnNumbers.count + column] = -1e4
      }
    }
    return try rows.matmul(columns.transposed()).multiplied(by: 1 / temperature)
      .adding(Tensor(mask, shape: [rowNumbers.count, columnNumbers.count]))
  }

  /// Symmetric InfoNCE over the links of a batch; 0 where it has none.
  private func wordContrast(_ pairs: PairVectors) throws -> Tensor {
    guard let words = pairs.words else { return try pairs.targets.sum().multiplied(by: 0) }
    let scores = try cosines(words.targets, words.pivots, words.numbers, words.numbers)
    let own = try Tensor.indices(words.numbers.count)
    return try scores.crossEntropies(own).adding(scores.transposed().crossEntropies(own))
      .multiplied(by: words.weights).mean().multiplied(by: 0.5)
  }

  private func contrast(_ pairs: PairVectors) throws -> Tensor {
    let count = pairs.numbers.count
    let sources = freezesSources ? pairs.pivots : pairs.sources ?? pairs.pivots
    let scores = try cosines(pairs, sources)
    let own = try Tensor.indices(count)
    let forward = try scores.crossEntropies(own)  // [pairs]
    let backward = try scores.narrowed(1, start: 0, length: count).transposed().crossEntropies(own)
    return try forward.adding(backward).multiplied(by: pairs.weights).mean().multiplied(by: 0.5)
  }

  /// log of the mean of exp(-2 |x - y|²) over pairs of targets that belong to different sources.
  private static func potential(_ pairs: PairVectors) throws -> Tensor {
    let numbers = pairs.numbers
    var places: [Int64] = []
    for row in numbers.indices {
      for column in numbers.indices where row < column && numbers[row] != numbers[column] {
        places.append(Int64(row * numbers.count + column))
      }
    }
    guard !places.isEmpty else { return try pairs.targets.sum().multiplied(by: 0) }
    let cosines = try pairs.targets.matmul(pairs.targets.transposed()).reshaped([-1])
    // |x - y|² = 2 - 2 cos
    return try cosines.gathered(0, Tensor(places)).multiplied(by: 4).adding(-4).exp().mean().log()
  }

  /// The cross-correlation of targets and sources against the identity, over the width; off the diagonal times 0.005.
  private static func crossCorrelation(_ pairs: PairVectors) throws -> Tensor {
    let count = pairs.numbers.count
    let width = pairs.pivots.shape[1]
    guard count > 1 else { return try pairs.targets.sum().multiplied(by: 0) }
    func standardized(_ vectors: Tensor) throws -> Tensor {
      let centered = try vectors.subtracting(vectors.mean([0]))
      let deviation = try centered.power(2).mean([0]).adding(1e-8).squareRoot()
      return try centered.divided(by: deviation)
    }
    let correlations = try standardized(pairs.targets).transposed()
      .matmul(standardized(pairs.pivots)).multiplied(by: 1 / Double(count))  // [width, width]
    let diagonal = try Tensor((0..<width).map { Int64($0 * width + $0) })
    let own = try correlations.reshaped([-1]).gathered(0, diagonal)  // [width]
    let others = try correlations.power(2).sum().subtracting(own.power(2).sum())
    return try own.adding(-1).power(2).sum().adding(others, scale: 0.005)
      .multiplied(by: 1 / Double(width))
  }
}
