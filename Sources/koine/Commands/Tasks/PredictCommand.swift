// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Tasks
import Torch
import Transfer

struct PredictCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Answer a task's examples with a tuned model, one JSON object for each.",
    discussion: """
      The model is a folder that 'koine tune' or 'koine run' made, or one of transformers for sequence
      classification, token classification or question answering. Labels in the files are not read.

      \(TuneCommand.forms)
      Sentences to tag may also be lines of a .txt, or of standard input (-), with spaces between words.

      Examples:
        koine predict out/tagger sentences.conllu
        echo "Der Hund schläft" | koine predict out/tagger -
        koine predict out/qa questions.json > answers.jsonl
      """)

  @Argument(help: ArgumentHelp("The model.", valueName: "folder"))
  var model: String

  @Argument(help: ArgumentHelp("Files of examples; - is standard input.", valueName: "file"))
  var inputs: [String]

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
      try command.predict(model, model.kind.task)
    }
  }

  private func predict<Task: FileTask>(_ model: TaskModel, _ type: Task.Type) throws {
    let predictor = try model.predictor(as: Task.self)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for file in inputs {
      let all = try Task.inputs(file, files.layout)
      for start in stride(from: 0, to: all.count, by: 1024) {
        let part = Array(all[start..<min(start + 1024, all.count)])
        let predictions = try predictor.predict(part)
        var text = ""
        for (prediction, input) in zip(predictions, part) {
          let answer = predictor.task.answer(prediction, to: input)
          text += String(decoding: try encoder.encode(answer), as: UTF8.self) + "\n"
        }
        Terminal.write(text)
      }
    }
  }
}
