// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CrossLingual
import WordVectors

/// A preset for maps, and what is changed of it.
struct MapRecipeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The recipe; see above.", valueName: "name"))
  var preset = "procrustes"

  @Option(
    help: ArgumentHelp(
      "What is done to vectors first: unit and center with commas between, or none.",
      valueName: "steps"))
  var normalize: String?

  @Option(
    help: ArgumentHelp(
      "The map: orthogonal, least-squares, cca (whitened) or symmetric (whitened, re-weighted, de-whitened).",
      valueName: "name"))
  var method: String?

  @Option(
    help: ArgumentHelp(
      "What is known at first: dictionary, identical, numerals or unsupervised.", valueName: "what")
  )
  var start: String?

  @Option(
    help: ArgumentHelp("The weight of singular values on the source side.", valueName: "power"))
  var sourceReweight: Double?

  @Option(
    help: ArgumentHelp("The weight of singular values on the target side.", valueName: "power"))
  var targetReweight: Double?

  @Option(
    help: ArgumentHelp(
      "Whose whitening is undone on the source side: source, target or none.", valueName: "side"))
  var sourceDewhiten: String?

  @Option(
    help: ArgumentHelp(
      "Whose whitening is undone on the target side: source, target or none.", valueName: "side"))
  var targetDewhiten: String?

  @Option(help: ArgumentHelp("Components that are kept, with whitening.", valueName: "count"))
  var dimensions: Int?

  @Option(help: ArgumentHelp("Maps from the own dictionary, as in MUSE.", valueName: "count"))
  var refinements: Int?

  @Flag(
    inversion: .prefixedNo,
    help: "Learn from the own dictionary until it gets no better, as in vecmap.")
  var selfLearning: Bool?

  @Option(
    help: ArgumentHelp("Words of each side that own dictionaries are made of.", valueName: "count"))
  var vocabularyCutoff: Int?

  @Option(
    help: ArgumentHelp(
      "How own dictionaries are read off: forward, backward, union or mutual.", valueName: "way"))
  var direction: String?

  @Option(
    help: ArgumentHelp(
      "Neighbours of CSLS while learning; 0 for plain cosines.", valueName: "count"))
  var csls: Int?

  @Option(
    help: ArgumentHelp(
      "The share of pairs that self-learning looks at in the beginning.", valueName: "share"))
  var stochasticInitial: Double?

  @Option(help: ArgumentHelp("What that share is multiplied by.", valueName: "number"))
  var stochasticMultiplier: Double?

  @Option(help: ArgumentHelp("Rounds without a gain after which it is.", valueName: "count"))
  var stochasticInterval: Int?

  @Option(help: ArgumentHelp("The gain that counts as one.", valueName: "number"))
  var threshold: Double?

  @Option(help: ArgumentHelp("Steps of RCSLS.", valueName: "count"))
  var iterations: Int?

  @Option(help: ArgumentHelp("The length of RCSLS's first step.", valueName: "number"))
  var learningRate: Double?

  @Flag(help: "Cut singular values above 1 after each step of RCSLS.")
  var spectral = false

  @Option(help: "Seeds the random parts of self-learning.")
  var seed: UInt64?

  func validate() throws { _ = try recipe() }

  /// The preset with its changes.
  func recipe() throws -> MapRecipe {
    do {
      return try changed(MapRecipe(preset: preset))
    } catch let error as WordVectorError {
      throw ValidationError("\(error)")
    }
  }

  private func changed(_ preset: MapRecipe) throws -> MapRecipe {
    var recipe = preset
    if let normalize { recipe.normalization = try VectorNormalization(named: normalize) }
    if let method { recipe.method = try Self.method(method) }
    if let start { recipe.start = try Self.choice(start, "--start") }
    try changeSteps(&recipe)
    if let refinements {
      guard (0...1000).contains(refinements) else {
        throw ValidationError("--refinements must be from 0 to 1000, found \(refinements)")
      }
      var refinement = recipe.refinement ?? .init()
      refinement.rounds = refinements
      recipe.refinement = refinements == 0 ? nil : refinement
    }
    if let selfLearning {
      recipe.selfLearning = selfLearning ? recipe.selfLearning ?? .init() : nil
    }
    if let vocabularyCutoff {
      guard vocabularyCutoff >= 0 else {
        throw ValidationError(
          "--vocabulary-cutoff must be 0 (all) or more, found \(vocabularyCutoff)")
      }
      let limit = vocabularyCutoff == 0 ? nil : vocabularyCutoff
      recipe.selfLearning?.induction.vocabulary = limit
      recipe.refinement?.induction.vocabulary = limit
    }
    if let direction {
      let direction: DictionaryInduction.Direction = try Self.choice(direction, "--direction")
      recipe.selfLearning?.induction.direction = direction
      recipe.refinement?.induction.direction = direction
    }
    if let csls {
      guard csls >= 0 else { throw ValidationError("--csls must be 0 or more, found \(csls)") }
      recipe.selfLearning?.induction.neighbors = csls
      recipe.refinement?.induction.neighbors = csls
      if csls > 0 { recipe.rcsls?.neighbors = csls }
    }
    if let stochasticInitial {
      guard stochasticInitial > 0, stochasticInitial <= 1 else {
        throw ValidationError(
          "--stochastic-initial must be above 0 and up to 1, found \(stochasticInitial)")
      }
      recipe.selfLearning?.keepProbability = stochasticInitial
    }
    if let stochasticMultiplier {
      guard stochasticMultiplier > 1 else {
        throw ValidationError(
          "--stochastic-multiplier must be above 1, found \(stochasticMultiplier)")
      }
      recipe.selfLearning?.keepMultiplier = stochasticMultiplier
    }
    if let stochasticInterval { recipe.selfLearning?.patience = max(1, stochasticInterval) }
    if let threshold { recipe.selfLearning?.threshold = threshold }
    if let iterations {
      guard (0...100_000).contains(iterations) else {
        throw ValidationError("--iterations must be from 0 to 100000, found \(iterations)")
      }
      recipe.rcsls?.iterations = iterations
    }
    if let learningRate {
      guard learningRate > 0 else {
        throw ValidationError("--learning-rate must be above 0, found \(learningRate)")
      }
      recipe.rcsls?.learningRate = learningRate
    }
    if spectral { recipe.rcsls?.isSpectral = true }
    if let seed { recipe.seed = seed }
    return recipe
  }

  private func changeSteps(_ recipe: inout MapRecipe) throws {
    guard
      sourceReweight != nil || targetReweight != nil || sourceDewhiten != nil
        || targetDewhiten != nil || dimensions != nil
    else { return }
    guard case .weighted(var steps) = recipe.method else {
      throw ValidationError(
        "re-weighting, de-whitening and --dimensions go with --method cca or symmetric")
    }
    if let sourceReweight { steps.sourceWeight = sourceReweight }
    if let targetReweight { steps.targetWeight = targetReweight }
    if let sourceDewhiten {
      steps.sourceDewhitening =
        sourceDewhiten == "none" ? nil : try Self.choice(sourceDewhiten, "--source-dewhiten")
    }
    if let targetDewhiten {
      steps.targetDewhitening =
        targetDewhiten == "none" ? nil : try Self.choice(targetDewhiten, "--target-dewhiten")
    }
    if let dimensions {
      guard dimensions > 0 else {
        throw ValidationError("--dimensions must be at least 1, found \(dimensions)")
      }
      steps.dimensions = dimensions
    }
    recipe.method = .weighted(steps)
  }

  private static func method(_ name: String) throws -> MapMethod {
    switch name {
    case "orthogonal": return .orthogonal
    case "least-squares": return .leastSquares
    case "cca": return .weighted(.init())
    case "symmetric": return .weighted(.symmetric)
    default:
      throw ValidationError(
        "--method must be orthogonal, least-squares, cca or symmetric, found '\(name)'")
    }
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ option: String
  ) throws -> Choice {
    guard let choice = Choice(rawValue: name) else {
      let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("\(option) must be one of \(names), found '\(name)'")
    }
    return choice
  }
}
