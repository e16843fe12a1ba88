// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import WordVectors

struct VectorsTestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Measure a classifier on labelled lines.",
    discussion: """
      Prints how many lines were tested, and precision and recall at k, as fastText's test does; with --labels those of
      each label too, as its test-label. Lines without a label that the model knows are not counted.

      Examples:
        koine vectors test topics.bin test.txt
        koine vectors test topics.ftz test.tsv 2 --labels --json
      """)

  @Argument(help: "The model.") var model: String
  @Argument(help: "Labelled lines, or a table (.tsv, .csv, .jsonl) with columns text and label.")
  var file = "-"
  @Argument(help: "The most labels of a line.") var k = 1
  @Argument(help: "The least probability of a label.") var threshold: Float = 0
  @Flag(help: "Say it for each label.") var labels = false
  @Flag(help: "Print JSON.") var json = false
  @Option(name: .fastText("label"), help: "What a label begins with.")
  var label = WordDictionary.labelPrefix
  @Option(
    name: [
      .customLong("threads"), .customLong("thread"), .customLong("thread", withSingleDash: true),
    ],
    help: ArgumentHelp("Threads to compute with.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  private struct Result: Encodable {
    struct Label: Encodable {
      var label: String
      var n, told: Int
      var precision, recall, f1: Double
    }
    var n, k: Int
    var precision, recall: Double
    var labels: [Label]?
  }

  func validate() throws {
    guard k > 0 else { throw ValidationError("k must be at least 1, found \(k)") }
    guard threads > 0 else {
      throw ValidationError("--threads must be at least 1, found \(threads)")
    }
  }

  func run() throws {
    let classifier = try FastTextClassifier(contentsOf: model)
    var evaluation = ClassifierEvaluation(labels: classifier.labels)
    var blocks: [[UInt8]] = []
    func count() {
      for lines in classifier.lines(of: blocks, limit: k, threshold: threshold, threads: threads) {
        evaluation.add(lines)
      }
      blocks.removeAll(keepingCapacity: true)
    }
    try LabelledSource(prefix: label).forEachBlock(of: file) { block in
      blocks.append(block)
      if blocks.count >= 4 * threads { count() }
    }
    count()
    guard evaluation.lineCount > 0 else {
      throw CorpusError(
        .format, "there is nothing to measure",
        expected: "lines with a label of the model, as \(classifier.labels[0])", at: file)
    }
    json ? try printJSON(evaluation) : printText(evaluation)
  }

  private func printText(_ evaluation: ClassifierEvaluation) {
    if labels {
      var table = PlainTable(["label", "n", "precision", "recall", "F1"], numeric: [1, 2, 3, 4])
      for (label, count) in zip(evaluation.labels, evaluation.counts) {
        table.append([
          label, "\(count.present)", PlainTable.fixed(count.precision, places: 6),
          PlainTable.fixed(count.recall, places: 6), PlainTable.fixed(count.f1, places: 6),
        ])
      }
      Terminal.write(table.text)
    }
    let total = evaluation.total
    Terminal.write(
      "N\t\(evaluation.lineCount)\nP@\(k)\t\(PlainTable.fixed(total.precision, places: 3))\n"
        + "R@\(k)\t\(PlainTable.fixed(total.recall, places: 3))\n")
  }

  private func printJSON(_ evaluation: ClassifierEvaluation) throws {
    let total = evaluation.total
    let result = Result(
      n: evaluation.lineCount, k: k, precision: total.precision, recall: total.recall,
      labels: labels
        ? zip(evaluation.labels, evaluation.counts).map { label, count in
          Result.Label(
            label: label, n: count.present, told: count.told, precision: count.precision,
            recall: count.recall, f1: count.f1)
        } : nil)
    try Terminal.write(json: result)
  }
}
