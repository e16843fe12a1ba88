// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import WordVectors

struct VectorsPredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Tell the labels of lines with a classifier (.bin or .ftz).",
    discussion: """
      Prints a line for each line: its likeliest labels, with --probabilities each with its own, as fastText's predict
      and predict-prob do; an empty line where the model knows nothing in it.

      Examples:
        koine vectors predict topics.bin news.txt
        koine vectors predict topics.ftz - 3 0.2 --probabilities < news.txt
      """)

  @Argument(help: "The model.") var model: String
  @Argument(help: "The text, a line each, .gz or not; '-' is standard input.") var file = "-"
  @Argument(help: "The most labels of a line.") var k = 1
  @Argument(help: "The least probability of a label.") var threshold: Float = 0
  @Flag(help: "Print the probability after each label.") var probabilities = false
  @Option(
    name: [
      .customLong("threads"), .customLong("thread"), .customLong("thread", withSingleDash: true),
    ],
    help: ArgumentHelp("Threads to compute with.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard k > 0 else { throw ValidationError("k must be at least 1, found \(k)") }
    guard threads > 0 else {
      throw ValidationError("--threads must be at least 1, found \(threads)")
    }
  }

  func run() throws {
    let classifier = try FastTextClassifier(contentsOf: model)
    let (limit, threshold, probabilities) = (k, threshold, probabilities)
    let reader = try LineBlockReader([file])
    let map = OrderedMap<[UInt8], [UInt8]>(threads: threads) { text in
      classifier.predictedText(
        for: text, limit: limit, threshold: threshold, hasProbabilities: probabilities)
    }
    try map.run(
      next: { try reader.next()?.bytes }, isReady: { reader.isReady },
      consume: { Terminal.write($0) })
  }
}
