// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Tasks
import Torch

struct ClassifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Label lines of text on standard input.",
    discussion: """
      One line out for each line in: label, tab, probability; with --json an object with all of them.

      Example:
        printf 'turn on the light\\nmach das Licht aus\\n' | koine classify --model out/intents/model
      """)

  @Option(help: "A model directory that 'koine run' made.")
  var model: String

  @Option(help: "The language of the text, where it is known; else the model judges by itself.")
  var language: String?

  @Flag(help: "Write one JSON object a line, with every label's probability.")
  var json = false

  @Flag(help: "Compute with weights of 8 bits: much faster, a little less exact.")
  var int8 = false

  @OptionGroup var engine: EngineOptions

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run { try command.classify() }
  }

  private func classify() throws {
    let classifier = try TextClassifier(
      directory: URL(fileURLWithPath: model), isQuantized: int8)
    if int8 { SentenceEncoderOptions.tellOfKernel() }
    let labels = classifier.description.labels.names
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try TextLines("-").forEachBatch(of: 1024) { lines in
      let languages = [String?](repeating: language, count: lines.count)
      let rows = try classifier.rows(lines, languages: languages)
      var text = ""
      for probabilities in try classifier.probabilities(rows, languages: languages) {
        let best = probabilities.indices.reduce(0) {
          probabilities[$1] > probabilities[$0] ? $1 : $0
        }
        if json {
          let answer = Answer(
            label: labels[best], score: probabilities[best],
            scores: Dictionary(uniqueKeysWithValues: zip(labels, probabilities)))
          text += String(decoding: try encoder.encode(answer), as: UTF8.self) + "\n"
        } else {
          text += labels[best] + String(format: "\t%.4f\n", probabilities[best])
        }
      }
      Terminal.write(text)
    }
    EmbedCommand.tell(of: classifier.encoder)
  }

  private struct Answer: Encodable {
    var label: String
    var score: Float
    var scores: [String: Float]
  }
}
