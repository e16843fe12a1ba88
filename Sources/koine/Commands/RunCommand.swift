// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Torch
import Transfer

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Carry out a recipe: labelled text in, a measured model out.",
    discussion: """
      The output folder gets results.json, report.html, the model, and each stage's own folder. What is
      there already, made from the same inputs, is not made again: run the same line after an
      interruption to go on.

      The shortest recipe for files of your own, data/en/train.tsv and data/<language>/test.tsv with the
      columns text and label (every key: Documentation/Recipes.md):
        recipe: transfer/v1
        name: mine
        data: {path: "data/{lang}/{split}.tsv", source: en}

      Examples:
        koine run Recipes/intents.yaml --output out/intents
        koine run Recipes/intents.yaml --output out/x --set methods.3.tuning.layers=2
        koine run my.yaml --output out/my --dry-run
      """)

  @Argument(help: "The recipe, a YAML file.")
  var recipe: String

  @Option(help: ArgumentHelp("The folder for everything that is made.", valueName: "folder"))
  var output: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Override a value of the recipe.", valueName: "key.path=value"))
  var overrides: [String] = []

  @Flag(help: "Check the recipe and say what would be done.")
  var dryRun = false

  @OptionGroup var engine: EngineOptions

  func run() async throws {
    var document = try RecipeDocument(contentsOf: URL(fileURLWithPath: recipe))
    for override in overrides { try document.set(override) }
    guard !document.namesTask else { return try await run(try document.taskRecipe()) }
    let recipe = try document.recipe()
    let run = TransferRun(
      recipe, output: URL(fileURLWithPath: output), log: { Terminal.log($0) })
    guard !dryRun else {
      Terminal.write(run.plan.joined(separator: "\n") + "\n")
      return
    }
    try await engine.prepare()
    let text = try await Compute.run { try RunSummary(run.execute(), output: output).text }
    Terminal.write(text)
  }
}

extension RunCommand {
  /// Carries out a recipe that names a task.
  private func run(_ recipe: TaskRecipe) async throws {
    let run = TaskRun(recipe, output: URL(fileURLWithPath: output), log: { Terminal.log($0) })
    guard !dryRun else {
      Terminal.write(run.plan.joined(separator: "\n") + "\n")
      return
    }
    try await engine.prepare()
    let (source, output) = (recipe.data.source, output)
    let text = try await Compute.run {
      TaskRunSummary(try run.execute(), source: source, output: output).text
    }
    Terminal.write(text)
  }
}

/// The few lines that a run ends with.
private struct RunSummary {
  let summary: TransferRun.Summary
  let output: String

  init(_ summary: TransferRun.Summary, output: String) {
    self.summary = summary
    self.output = output
  }

  var text: String {
    guard let kept = summary.methods.first(where: { $0.method == summary.kept }) else { return "" }
    var lines = ["", "language    examples  accuracy  95 % interval  gap"]
    for scores in kept.languages {
      let difference = (scores.accuracy - kept.source) * 100
      lines.append(
        TextColumns.padded(scores.language, 12) + TextColumns.padded(String(scores.count), -8)
          + String(
            format: "  %8.3f  %.3f – %.3f  ", scores.accuracy, scores.accuracyInterval.low,
            scores.accuracyInterval.high)
          + (scores.language == kept.languages.first?.language
            ? "source" : String(format: "%+.1f", difference)))
    }
    lines += ["", "method        source  mean of others"]
    for method in summary.methods {
      let others = method.meanOfOthers.map { String(format: "%.3f", $0) } ?? "–"
      lines.append(
        TextColumns.padded(method.method, 12) + String(format: "  %.3f   ", method.source) + others
          + (method.method == summary.kept ? "   kept" : ""))
    }
    let others = Set(summary.comparisons.map(\.other)).sorted()
    for other in others {
      lines += [
        "", "\(summary.kept) less \(other), points (95 % interval of the paired difference)",
      ]
      for part in summary.comparisons where part.other == other {
        lines.append(
          TextColumns.padded(part.language, 12)
            + String(
              format: "  %+5.1f  (%+.1f – %+.1f)", part.difference * 100, part.interval.low * 100,
              part.interval.high * 100))
      }
    }
    let model = "\(output)/model"
    // As the program was called, so that the lines can be pasted.
    let program = CommandLine.arguments[0]
    lines += [
      "", "report: \(summary.report.path)", "", "try next:",
      "  echo \"your text\" | \(program) classify --model \(model)",
      "  echo \"your text\" | \(program) embed --model \(model) --json",
      "  \(program) serve --model \(model)", "",
    ]
    return lines.joined(separator: "\n")
  }
}
