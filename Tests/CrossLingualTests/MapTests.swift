// SPDX-License-Identifier: Apache-2.0

import Testing
import VectorWorld
import WordVectors

@testable import CrossLingual

@Suite struct MapTests {
  private func precision(
    _ outcome: MapTrainer.Outcome, _ source: VectorTable, _ target: VectorTable
  ) throws -> Double {
    try LexiconInduction(TwinSpaces.pairs(0..<source.count)).evaluate(
      source.replacingVectors(outcome.source.apply(to: source.vectors)),
      target.replacingVectors(outcome.target.apply(to: target.vectors)), by: .csls()
    ).precision(at: 1)
  }

  @Test(
    "every preset with a dictionary finds a rotation",
    arguments: MapRecipe.presetNames.filter {
      !$0.hasSuffix("identical") && !$0.hasSuffix("unsupervised")
    })
  func presets(_ name: String) throws {
    let (source, target) = try TwinSpaces.make()
    var recipe = try MapRecipe(preset: name)
    recipe.selfLearning?.patience = 3
    let outcome = try MapTrainer(recipe, threads: 2).train(
      source, target, dictionary: TwinSpaces.pairs(0..<60))
    #expect(outcome.startPairs == 60)
    #expect(try precision(outcome, source, target) > 0.95, "\(name)")
    #expect(try !outcome.validation(source, target).hasFailed)
  }

  @Test("an orthogonal map is orthogonal, also from fewer pairs than dimensions")
  func orthogonal() throws {
    let (source, target) = try TwinSpaces.make()
    for count in [5, 60] {
      let outcome = try MapTrainer(MapRecipe()).train(
        source, target, dictionary: TwinSpaces.pairs(0..<count))
      let matrix = outcome.source.matrix
      let square = matrix.transposed.times(matrix)
      #expect(square.adding(.identity(12), times: -1).norm < 1e-9)
    }
  }

  @Test("self-learning needs few pairs, follows its seed, and not its threads")
  func selfLearning() throws {
    let (source, target) = try TwinSpaces.make(count: 120)
    var recipe = try MapRecipe(preset: "vecmap-semi-supervised")
    recipe.selfLearning?.patience = 5
    func train(_ threads: Int) throws -> MapTrainer.Outcome {
      try MapTrainer(recipe, engine: PlainMatrixEngine(threads: threads), threads: threads).train(
        source, target, dictionary: TwinSpaces.pairs(0..<12))
    }
    let first = try train(1)
    #expect(try precision(first, source, target) > 0.95)
    let second = try train(3)
    #expect(first.source == second.source && first.rounds == second.rounds)
    recipe.seed = 1
    #expect(try train(1).rounds != first.rounds)
  }

  @Test("words that are the same and numbers start a map, and their absence is said")
  func starts() throws {
    let (source, target) = try TwinSpaces.make()
    var recipe = MapRecipe()
    for (start, hint) in [(MapRecipe.Start.identical, "no word"), (.numerals, "no number")] {
      recipe.start = start
      do {
        _ = try MapTrainer(recipe).train(source, target)
        Issue.record("nothing in common was no error")
      } catch { #expect("\(error)".hasPrefix(hint)) }
      let words = WordList((0..<source.count).map { "\($0)" })
      let outcome = try MapTrainer(recipe).train(
        VectorTable(words: words, vectors: source.vectors),
        VectorTable(words: words, vectors: target.vectors))
      #expect(outcome.startPairs == source.count)
    }
  }

  @Test("a map from a wrong dictionary is told to have failed")
  func failure() throws {
    let (source, target) = try TwinSpaces.make(count: 600, dimension: 24, noise: 0.1)
    let wrong = WordPairs((0..<200).map { .init("a\($0)", "b\(($0 * 37 + 11) % 600)") })
    let outcome = try MapTrainer(MapRecipe()).train(source, target, dictionary: wrong)
    let validation = try outcome.validation(source, target)
    #expect(validation.hasFailed, "\(validation)")
  }

  @Test("what cannot be mapped is said in a sentence")
  func errors() throws {
    let (source, target) = try TwinSpaces.make()
    let (_, other) = try TwinSpaces.make(dimension: 10)
    let trainer = MapTrainer(MapRecipe())
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return ""
    }
    #expect(
      message { _ = try trainer.train(source, other, dictionary: TwinSpaces.pairs(0..<9)) }
        .contains("differ in dimension"))
    #expect(
      message { _ = try trainer.train(source, target, dictionary: WordPairs([.init("x", "y")])) }
        .contains("none covered"))
    #expect(message { _ = try trainer.train(source, target) }.contains("needs a dictionary"))
    let cca = try MapTrainer(MapRecipe(preset: "cca"))
    #expect(
      message { _ = try cca.train(source, target, dictionary: TwinSpaces.pairs(0..<5)) }
        .contains("too few pairs"))
    #expect(throws: WordVectorError.self) { try MapRecipe(preset: "nothing") }
  }
}
