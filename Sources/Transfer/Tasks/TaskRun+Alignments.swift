// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks
import Training
import Transformers

/// An alignment that was trained: where its adapters are, and whose.
struct TrainedAlignment {
  /// The adapter's folder, with `{lang}` in it where each language has its own.
  let path: String
  /// The languages that have an adapter; nil where one serves all.
  let languages: Set<String>?
}

extension TaskRun {
  /// What an alignment depends on.
  private struct AlignmentKey: Encodable {
    let alignment: TaskRecipe.Alignment
    let base: Recipe.Base
    let languages: [String]
  }

  /// Trains the alignments that methods name.
  func align<Task: FileTask>(
    _ data: TaskRunData<Task>, _ inputs: [String: String], _ runner: StageRunner,
    _ spending: inout Spending
  ) throws -> [String: TrainedAlignment] {
    var result: [String: TrainedAlignment] = [:]
    let named = Set(recipe.methods.compactMap(\.alignment))
    for alignment in recipe.alignments where named.contains(alignment.name) {
      let stages = try alignment.stages.map {
        try RecipePairs(
          data, $0.pairs, $0.codeSwitching, weighsByScore: alignment.weighsByScore,
          seed: recipe.seed)
      }
      let languages = Set(stages.flatMap { $0.pairs.map(\.language) })
      let parts = alignment.isShared ? [nil] : languages.sorted().map(Optional.some)
      let root = "alignments/\(alignment.name)"
      for language in parts {
        let key = AlignmentKey(
          alignment: alignment, base: recipe.base,
          languages: language.map { [$0] } ?? languages.sorted())
        var inputs = inputs
        for stage in stages { inputs.merge(stage.inputs(language)) { first, _ in first } }
        let manifest = try StageManifest(
          stage: "alignment", version: 1, configuration: key, seed: recipe.seed, inputs: inputs)
        let path = language.map { "\(root)/\($0)" } ?? root
        _ = try spending.measure(path, by: runner) {
          try runner.run(path, manifest) { folder in
            try train(alignment, stages, language, manifest.identity, to: folder)
          }
        }
      }
      result[alignment.name] = TrainedAlignment(
        path: output.appendingPathComponent(
          root + (alignment.isShared ? "/adapter" : "/{lang}/adapter")
        )
        .path, languages: alignment.isShared ? nil : languages)
    }
    return result
  }

  /// A method with the adapters that its alignment came to below it.
  func placed(
    _ method: TaskRecipe.Method, _ alignments: [String: TrainedAlignment]
  ) -> TaskRecipe.Method {
    guard let trained = method.alignment.flatMap({ alignments[$0] }) else { return method }
    var method = method
    (method.below, method.sourceHasAdapter) = ([trained.path], false)
    method.belowLanguages = trained.languages
    return method
  }

  /// Goes through the stages, each with the adapter of the one before.
  ///
  /// - Throws: `RecipeError` where a language does not come through a gate that stops.
  private func train(
    _ alignment: TaskRecipe.Alignment, _ stages: [RecipePairs], _ language: String?,
    _ identity: String, to folder: URL
  ) throws {
    var last: (training: AlignmentTraining, result: AlignmentTraining.Result)?
    var spaces: [[String: [LanguageHealth]]] = []
    var left: Set<String> = []
    let name = [alignment.name, language].compactMap(\.self).joined(separator: " ")
    let order = try order(alignment, stages)
    if let order { log("\(name): from near to far: \(order.summary)") }
    for (number, (stage, source)) in zip(alignment.stages, stages).enumerated() {
      let label = alignment.stages.count > 1 ? "\(name), stage \(number + 1)" : name
      let near = order?.nearest(stage.nearest)
      let pairs = source.pairs.filter {
        (language == nil || $0.language == language) && !left.contains($0.language)
          && near?.contains($0.language) ?? true
      }
      guard !pairs.isEmpty else {
        log("\(label): no pairs")
        continue
      }
      var behind: [LanguageHealth] = []
      for round in 0...(stage.gate?.repeats ?? 0) {
        let training = AlignmentTraining(
          try alignment.settings(stage, base: recipe.base, seed: recipe.seed &+ UInt64(round))
        ) { log("\(label): \($0)") }
        let place = round == 0 ? "\(number)" : "\(number)-\(round)"
        let result = try training.train(
          pairs, adapter: last?.result.tuned.adapter,
          checkpoints: checkpoints.appendingPathComponent("\(identity.prefix(16))-\(place)"))
        last = (training, result)
        spaces.append(["before": result.tuned.before, "after": result.tuned.after])
        guard let gate = stage.gate else { break }
        behind = result.tuned.after.filter { $0.health.accuracy < gate.found }
        if behind.isEmpty { break }
        log("\(label): below the gate of \(gate.found): \(Self.list(behind))")
      }
      guard let gate = stage.gate, !behind.isEmpty else { continue }
      guard gate.otherwise == .leave else {
        throw RecipeError(
          .value,
          "\(label): not every language came through the gate: expected at least \(gate.found) of the held-out texts to "
            + "find their own, found \(Self.list(behind)); give them more pairs or 'repeats', a lower 'found', or "
            + "'otherwise: leave'")
      }
      left.formUnion(behind.map(\.language))
    }
    guard let last else { return }
    try last.training.write(last.result, to: folder.appendingPathComponent("adapter"))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(spaces).write(to: folder.appendingPathComponent("spaces.json"))
  }

  /// The languages from near to far, where a stage has only the nearest of them.
  private func order(
    _ alignment: TaskRecipe.Alignment, _ stages: [RecipePairs]
  ) throws -> LanguageOrder? {
    guard alignment.stages.contains(where: { $0.nearest < 1 }) else { return nil }
    let encoder = try SentenceEncoders.open(
      BaseModels.directory(recipe.base.model, progress: log), prefix: recipe.base.prefix,
      pooling: recipe.base.pooling, maximumLength: recipe.base.maximumLength)
    return try LanguageOrder(stages.flatMap(\.pairs), by: encoder)
  }

  /// Languages with the share of held-out texts that find their own.
  private static func list(_ languages: [LanguageHealth]) -> String {
    languages.map { String(format: "%@ %.3f", $0.language, $0.health.accuracy) }
      .joined(separator: ", ")
  }
}
