// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// Brings two languages into one space by a recipe.
public struct MapTrainer: Sendable {
  /// A round of learning.
  public struct Round: Sendable, Hashable {
    /// What the round was: map, refinement, self-learning or rcsls.
    public let kind: String
    /// Pairs that its map was worked out from.
    public let pairs: Int
    /// The mean similarity of the dictionary that was read off, or the criterion of RCSLS; nil where none was worked out.
    public let objective: Double?
  }

  /// What came of it.
  public struct Outcome: Sendable {
    /// What brings the source into the space.
    public let source: VectorProjection
    /// What brings the target into the space.
    public let target: VectorProjection
    /// Pairs known at first.
    public let startPairs: Int
    /// The rounds in their order.
    public let rounds: [Round]
  }

  /// The recipe.
  public var recipe: MapRecipe
  /// What multiplies matrices.
  public var engine: any MatrixEngine
  /// Threads for what the engine does not do.
  public var threads: Int
  /// Hears of each round.
  public var progress: @Sendable (Round) -> Void = { _ in }

  /// A trainer; one thread and no library unless told otherwise.
  public init(_ recipe: MapRecipe, engine: any MatrixEngine = PlainMatrixEngine(), threads: Int = 1)
  {
    self.recipe = recipe
    self.engine = engine
    self.threads = threads
  }

  /// Learns the map of two languages.
  ///
  /// - Parameters:
  ///   - dictionary: Pairs to learn from, where the recipe starts from a dictionary.
  /// - Throws: `WordVectorError.Code.data` where the dictionary has no overlap with the vectors or too few pairs, `.argument` where
  ///   dimensions differ.
  public func train(
    _ source: VectorTable, _ target: VectorTable, dictionary: WordPairs? = nil
  ) throws -> Outcome {
    guard source.dimension == target.dimension else {
      throw WordVectorError(
        .argument, "the vectors of both languages differ in dimension",
        expected: "\(source.dimension) numbers as in the source", found: "\(target.dimension)",
        hint: "train both with the same dimension")
    }
    let sourceSteps = recipe.normalization.fitted(to: source.vectors, threads: threads)
    let targetSteps = recipe.normalization.fitted(to: target.vectors, threads: threads)
    let limit = recipe.vocabulary ?? .max
    let x = sourceSteps.apply(to: source.vectors.prefix(limit), threads: threads)
    let z = targetSteps.apply(to: target.vectors.prefix(limit), threads: threads)
    let first = try startPairs(source.prefix(limit), target.prefix(limit), x, z, dictionary)
    var learner = MapLearner(
      x: x, z: z, recipe: recipe, engine: engine, threads: threads, progress: progress)
    try learner.learn(from: first)
    return Outcome(
      source: VectorProjection(sourceSteps, learner.map.source),
      target: VectorProjection(targetSteps, learner.map.target), startPairs: first.count,
      rounds: learner.rounds)
  }

  private func startPairs(
    _ source: VectorTable, _ target: VectorTable, _ x: VectorMatrix, _ z: VectorMatrix,
    _ dictionary: WordPairs?
  ) throws -> [(source: Int, target: Int)] {
    switch recipe.start {
    case .dictionary:
      guard let dictionary else {
        throw WordVectorError(
          .argument, "the recipe needs a dictionary", hint: "give one, or start without")
      }
      let pairs = dictionary.rows(in: source.words, target.words)
      guard !pairs.isEmpty else {
        throw WordVectorError(
          .data, "no pair of the dictionary has both its words among the vectors",
          expected: "an overlap", found: "\(dictionary.pairs.count) pairs, none covered",
          hint:
            "check that the dictionary's languages and its letters' case are those of the vectors"
        )
      }
      return pairs
    case .identical, .numerals:
      let onlyNumbers = recipe.start == .numerals
      let pairs = (0..<source.count).compactMap { index -> (source: Int, target: Int)? in
        let word = source.words.bytes(index)
        if onlyNumbers, !word.allSatisfy({ (0x30...0x39).contains($0) }) { return nil }
        return target.words.index(ofBytes: word).map { (index, $0) }
      }
      guard !pairs.isEmpty else {
        throw WordVectorError(
          .data,
          onlyNumbers
            ? "no number is a word of both languages" : "no word is the same in both languages",
          expected: "some to start from", hint: "give a dictionary, or start unsupervised")
      }
      return pairs
    case .unsupervised:
      return try UnsupervisedStart(
        vocabulary: recipe.selfLearning?.startVocabulary ?? 4_000,
        neighbors: recipe.selfLearning?.induction.neighbors ?? 10,
        normalization: recipe.normalization, engine: engine, threads: threads
      ).pairs(x, z)
    }
  }
}

extension MapTrainer.Outcome {
  /// Whether the two languages came together, judged without a dictionary on the commonest words.
  public func validation(
    _ source: VectorTable, _ target: VectorTable, vocabulary: Int = 4_000,
    engine: any MatrixEngine = PlainMatrixEngine(), threads: Int = 1
  ) throws -> MapValidation {
    try MapValidation(
      self.source.apply(
        to: source.vectors.prefix(vocabulary), engine: engine, threads: threads),
      self.target.apply(
        to: target.vectors.prefix(vocabulary), engine: engine, threads: threads),
      vocabulary: vocabulary, engine: engine, threads: threads)
  }
}
