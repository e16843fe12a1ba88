// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Learns to align words from sentence pairs, in both directions, without a dictionary.
///
/// Model 2 with a preference for the diagonal (fast_align; Dyer and others, 2013) comes first, then an HMM (Vogel and others, 1996) that
/// begins with its lexicon. Both are estimated by expectation maximisation under a Dirichlet prior, by its variational posterior. The prior
/// is what a model of stems, learnt first in the same way, says of each pair of words: rare and inflected words borrow from their kin.
/// The same pairs and settings give the same model with any number of threads.
public struct AlignmentTrainer: Sendable, Equatable {
  /// How far training goes.
  public enum Model: String, Sendable, CaseIterable, Codable {
    /// IBM Model 1: words alone.
    case model1 = "ibm1"
    /// Model 2 near the diagonal, as fast_align.
    case diagonal = "fast-align"
    /// The HMM, after Model 2.
    case hmm
  }

  /// How far training goes; the HMM.
  public var model = Model.hmm
  /// Passes over the pairs before the HMM; 5.
  public var lexicalIterations = 5
  /// Passes with the HMM; 5.
  public var jumpIterations = 5
  /// The prior probability that a word has no partner; 0.05.
  public var emptyProbability = 0.05
  /// λ of the diagonal at the start, which is then fitted; 4.
  public var tension = 4.0
  /// The count that each pair of words has in the prior; 0.01.
  public var pairPrior = 0.01
  /// The count that the stems' say has in the prior of each source word; 30.
  public var stemPrior = 30.0
  /// Letters of a stem; 4, or 0 for a model without stems.
  public var stemLength = 4
  /// Threads to compute with.
  public var threads = 1

  /// A trainer with its defaults.
  public init() {}

  /// Learns from pairs of sentences, cut into words.
  ///
  /// - Parameters:
  ///   - pairs: source and target words of each pair; one with an empty side teaches nothing.
  ///   - progress: told of each pass, with all there are.
  /// - Throws: `AlignmentError` without a pair that has words on both sides.
  public func train(
    _ pairs: [(source: [String], target: [String])], progress: (String) -> Void = { _ in }
  ) throws(AlignmentError) -> WordAligner {
    guard pairs.contains(where: { !$0.source.isEmpty && !$0.target.isEmpty }) else {
      throw AlignmentError(
        .data, "expected sentence pairs to learn from, found none with words on both sides")
    }
    var source = AlignmentVocabulary(stemLength: stemLength)
    var target = AlignmentVocabulary(stemLength: stemLength)
    var corpus = AlignmentCorpus()
    for pair in pairs {
      let isWhole = !pair.source.isEmpty && !pair.target.isEmpty
      corpus.source.append(isWhole ? pair.source.map { source.add($0) } : [])
      corpus.target.append(isWhole ? pair.target.map { target.add($0) } : [])
    }
    corpus.source.vocabularySize = source.words.count
    corpus.target.vocabularySize = target.words.count
    var stems: (StemBackoff, StemBackoff)?
    if stemLength > 0, stemPrior > 0 {
      let coarse = corpus.mapped(
        source: source.stems, source.stemNames.count, target: target.stems, target.stemNames.count)
      let models = estimate(coarse, stems: nil) { progress("stems: \($0)") }
      stems = (
        StemBackoff(
          lexicon: models.0.lexicon, sources: source.stems, targets: target.stems,
          shares: StemBackoff.shares(corpus.target, stems: target.stems)),
        StemBackoff(
          lexicon: models.1.lexicon, sources: target.stems, targets: source.stems,
          shares: StemBackoff.shares(corpus.source, stems: source.stems))
      )
    }
    let models = estimate(corpus, stems: stems) { progress("words: \($0)") }
    return WordAligner(source: source, target: target, forward: models.0, backward: models.1)
  }

  private func estimate(
    _ corpus: AlignmentCorpus, stems: (StemBackoff, StemBackoff)?, _ progress: (String) -> Void
  ) -> (DirectionModel, DirectionModel) {
    let start: DirectionModel.Order = model == .model1 ? .any : .diagonal(tension: tension)
    var forward = DirectionModel(
      lexicon: LexicalTable(corpus), order: start, emptyProbability: emptyProbability,
      stems: stems?.0)
    var backward = DirectionModel(
      lexicon: LexicalTable(corpus.reversed), order: start, emptyProbability: emptyProbability,
      stems: stems?.1)
    let priors = (prior(forward), prior(backward))
    let step = AlignmentEstimation(corpus: corpus, threads: threads)
    let total = lexicalIterations + (model == .hmm ? jumpIterations : 0)
    for iteration in 0..<total {
      if iteration == lexicalIterations {
        forward.order = .jumps(JumpModel())
        backward.order = .jumps(JumpModel())
      }
      progress("pass \(iteration + 1) of \(total)")
      let (first, second) = step.expect(forward, backward)
      forward.update(first, prior: priors.0, lengths: corpus)
      backward.update(second, prior: priors.1, lengths: corpus.reversed)
    }
    forward.lexicon = forward.lexicon.pruned(below: Self.leastKept)
    backward.lexicon = backward.lexicon.pruned(below: Self.leastKept)
    return (forward, backward)
  }

  /// What is less probable in the end is not kept.
  private static let leastKept: Float = 1e-6

  /// The prior's count for each entry of a lexicon.
  private func prior(_ model: DirectionModel) -> [Float] {
    let table = model.lexicon
    var prior = [Float](repeating: Float(pairPrior), count: table.values.count)
    guard let stems = model.stems else { return prior }
    for row in 0..<table.starts.count - 1 {
      for entry in table.starts[row]..<table.starts[row + 1] {
        let target = table.targets[entry]
        let share =
          row == table.emptyRow
          ? stems.probabilityOfNone(target) : stems.probability(Int32(row), target)
        prior[entry] += Float(stemPrior * share)
      }
    }
    return prior
  }
}

extension DirectionModel {
  /// The most and least tension of the diagonal, as fast_align has them.
  private static let tensions = 0.1...14.0

  /// Takes what a pass counted.
  mutating func update(
    _ counts: AlignmentEstimation.Counts, prior: [Float], lengths corpus: AlignmentCorpus
  ) {
    lexicon.estimate(counts: AlignmentEstimation.Counts.floating(counts.lexicon), prior: prior)
    switch order {
    case .any: break
    case .diagonal(let tension):
      guard counts.choices > 0 else { return }
      let distance = Double(counts.distance) / Double(counts.choices)
      order = .diagonal(tension: Self.tension(tension, distance: distance, corpus))
    case .jumps(var jumps):
      jumps.estimate(counts: AlignmentEstimation.Counts.floating(counts.jumps))
      order = .jumps(jumps)
    }
  }

  /// Moves the tension to where the model's mean distance from the diagonal is that of the choices: 8 steps of 20 times the difference,
  /// as in fast_align.
  private static func tension(
    _ start: Double, distance: Double, _ corpus: AlignmentCorpus
  ) -> Double {
    var shapes: [[Int]: Int] = [:]
    for index in 0..<corpus.count {
      let shape = [corpus.source.sentence(index).count, corpus.target.sentence(index).count]
      if shape.allSatisfy({ $0 > 0 }) { shapes[shape, default: 0] += 1 }
    }
    let ordered = shapes.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    var tension = start
    for _ in 0..<8 {
      var (sum, count) = (0.0, 0.0)
      for (shape, number) in ordered {
        for row in 0..<shape[1] {
          let place = Double(row + 1) / Double(shape[1])
          var (weights, distances) = (0.0, 0.0)
          for column in 0..<shape[0] {
            let away = abs(Double(column + 1) / Double(shape[0]) - place)
            let weight = exp(-tension * away)
            weights += weight
            distances += weight * away
          }
          sum += Double(number) * distances / weights
        }
        count += Double(number * shape[1])
      }
      tension += 20 * (sum / count - distance)
      tension = min(tensions.upperBound, max(tensions.lowerBound, tension))
    }
    return tension
  }
}
