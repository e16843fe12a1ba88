// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Metrics
import Tasks
import Torch
import Transfer

struct EvaluateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a tuned model on files of labelled examples.",
    discussion: """
      A line for each file with every score of the task and the 95 % bootstrap interval of the first. The model is a
      folder that 'koine tune' or 'koine run' made, or one of transformers.

      \(TuneCommand.forms)

      Examples:
        koine evaluate out/tagger en_ewt-ud-test.conllu de_gsd-ud-test.conllu
        koine evaluate out/qa xquad.*.json --json
      """)

  @Argument(help: ArgumentHelp("The model.", valueName: "folder"))
  var model: String

  @Argument(help: ArgumentHelp("Files of labelled examples.", valueName: "file"))
  var inputs: [String]

  @Option(
    help: ArgumentHelp(
      "Leave each file's first examples out, as those learned from.", valueName: "count"))
  var skip = 0

  @Option(help: ArgumentHelp("Resamples behind each interval.", valueName: "count"))
  var resamples = 1000

  @Flag(help: "Write JSON.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "An adapter below what was tuned, as the language's own (MAD-X); those of the tuning go; may be repeated.",
      valueName: "folder"))
  var below: [String] = []

  @OptionGroup(title: "Files") var files: TaskLayoutOptions
  @OptionGroup var engine: EngineOptions

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run {
      let model = try TaskModel(path: command.model, below: command.below)
      try command.evaluate(model, model.kind.task)
    }
  }

  private func evaluate<Task: FileTask>(_ model: TaskModel, _ type: Task.Type) throws {
    let predictor = try model.predictor(as: Task.self)
    let bootstrap = try Bootstrap(resamples: resamples)
    var results: [TaskMeasurement] = []
    for file in inputs {
      let all = try Task.examples(file, files.layout).dropFirst(skip).map(\.example)
      guard !all.isEmpty else {
        throw TaskError(
          .examples, "expected labelled examples behind the first \(skip), found none", at: file)
      }
      let examples = SealedExamples<Task>(language: file, all)
      let predictions = try predictor.predict(examples.inputs)
      let result = try TaskMeasurement(examples, predictions, predictor.task, bootstrap)
      results.append(result)
      guard !json else { continue }
      let scores = result.scores.enumerated().map { index, score in
        let interval =
          index == 0
          ? result.interval.map { String(format: " (%.4f – %.4f)", $0.low, $0.high) } : nil
        return "\(score.metric) " + String(format: "%.4f", score.value) + (interval ?? "")
      }
      Terminal.write("\(file)\t\(result.count)\t\(scores.joined(separator: "\t"))\n")
    }
    guard json else { return }
    try Terminal.write(json: results)
  }
}
