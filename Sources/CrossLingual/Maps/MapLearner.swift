// SPDX-License-Identifier: Apache-2.0

import WordVectors

/// The course of a recipe over vectors that are normalised.
struct MapLearner {
  typealias Pairs = [(source: Int, target: Int)]

  let x: VectorMatrix
  let z: VectorMatrix
  let recipe: MapRecipe
  let engine: any MatrixEngine
  let threads: Int
  let progress: @Sendable (MapTrainer.Round) -> Void
  private(set) var map: LinearMap
  private(set) var rounds: [MapTrainer.Round] = []

  init(
    x: VectorMatrix, z: VectorMatrix, recipe: MapRecipe, engine: any MatrixEngine, threads: Int,
    progress: @escaping @Sendable (MapTrainer.Round) -> Void
  ) {
    (self.x, self.z, self.recipe, self.engine, self.threads) = (x, z, recipe, engine, threads)
    self.progress = progress
    map = LinearMap(source: .identity(x.columns), target: .identity(z.columns))
  }

  mutating func learn(from first: Pairs) throws {
    var pairs = first
    if let selfLearning = recipe.selfLearning { pairs = try selfLearn(selfLearning, from: pairs) }
    map = try fit(pairs, recipe.method)
    note("map", pairs.count, nil)
    if let refinement = recipe.refinement { try refine(refinement, first) }
    if let settings = recipe.rcsls {
      var trainer = RCSLSTrainer(
        x: x, z: z, pairs: pairs, settings: settings, engine: engine, threads: threads)
      map.source = try trainer.train(from: map.source) { value in
        note("rcsls", pairs.count, value)
      }
    }
  }

  private mutating func note(_ kind: String, _ pairs: Int, _ objective: Double?) {
    let round = MapTrainer.Round(kind: kind, pairs: pairs, objective: objective)
    rounds.append(round)
    progress(round)
  }

  private func fit(_ pairs: Pairs, _ method: MapMethod) throws -> LinearMap {
    try method.map(
      x.rows(at: pairs.map(\.source)), z.rows(at: pairs.map(\.target)), engine: engine)
  }

  private func mapped(_ rows: VectorMatrix, by matrix: Matrix, limit: Int?) throws -> VectorMatrix {
    let rows = limit.map { rows.prefix($0) } ?? rows
    return try VectorProjection(FittedNormalization(parts: []), matrix).apply(
      to: rows, engine: engine, threads: threads)
  }

  /// Learns from its own dictionary until the mean similarity grows no more; the last dictionary.
  private mutating func selfLearn(
    _ settings: MapRecipe.SelfLearning, from first: Pairs
  ) throws -> Pairs {
    var pairs = first
    var keep = settings.keepProbability
    var best = -100.0
    var lastGain = 0
    var round = 1
    let limit = settings.induction.vocabulary
    while round <= settings.roundLimit {
      if round - lastGain > settings.patience {
        // With nothing left out and no gain, this is as good as it gets.
        if keep >= 1 { break }
        keep = min(1, keep * settings.keepMultiplier)
        lastGain = round
      }
      map = try fit(pairs, .orthogonal)
      let induced = try settings.induction.induce(
        mapped(x, by: map.source, limit: limit), limit.map { z.prefix($0) } ?? z, keep: keep,
        seed: recipe.seed, round: round, engine: engine, threads: threads)
      note("self-learning", pairs.count, induced.objective)
      guard !induced.pairs.isEmpty else { break }
      pairs = induced.pairs
      if induced.objective - best >= settings.threshold {
        best = induced.objective
        lastGain = round
      }
      round += 1
    }
    return pairs
  }

  private mutating func refine(_ refinement: MapRecipe.Refinement, _ first: Pairs) throws {
    let limit = refinement.induction.searchesAll ? nil : refinement.induction.vocabulary
    let unit = VectorNormalization([.unit])
    let targets = FittedNormalization(parts: [.unit])
    for _ in 0..<refinement.rounds {
      let left = try mapped(x, by: map.source, limit: limit)
      let right = try mapped(z, by: map.target, limit: limit)
      let induced = try refinement.induction.induce(
        unit.fitted(to: left).apply(to: left, threads: threads),
        targets.apply(to: right, threads: threads), engine: engine, threads: threads)
      var pairs = induced.pairs
      if refinement.keepsFirst {
        let known = Set(first.map { $0.source << 32 | $0.target })
        pairs = first + pairs.filter { !known.contains($0.source << 32 | $0.target) }
      }
      guard !pairs.isEmpty else {
        throw WordVectorError(
          .data, "the map gives no dictionary to refine it by", hint: "start from more pairs")
      }
      map = try fit(pairs, recipe.method)
      note("refinement", pairs.count, induced.objective)
    }
  }
}
