// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import WordVectors

struct VectorsQuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Make a classifier small: codes in place of numbers (.ftz).",
    discussion: """
      Flags are fastText's. Reads PREFIX.bin (or --model) and writes PREFIX.ftz, which fastText opens.

      With --cutoff only the words and n-grams with the longest rows are kept, so many of them; with --retrain what is
      kept is then trained further on --input, for --epoch passes from --lr on.

      Examples:
        koine vectors quantize --output topics --qnorm --cutoff 50000
        koine vectors quantize --output topics --input train.txt --qnorm --retrain --epoch 1 --cutoff 100000
      """)

  @Option(
    name: .fastText("output"),
    help: ArgumentHelp("Where the model is and is written, without ending.", valueName: "path"))
  var output: String
  @Option(
    name: .fastText("model"),
    help: ArgumentHelp("The model, where it is not PREFIX.bin.", valueName: "file.bin"))
  var model: String?
  @Option(
    name: .fastText("input"), parsing: .upToNextOption,
    help: ArgumentHelp("Labelled text, for --retrain.", valueName: "files"))
  var input: [String] = []
  @Flag(name: .fastText("qnorm"), help: "Codes of their own for the rows' lengths.")
  var qnorm = false
  @Flag(name: .fastText("qout"), help: "Codes for the output too; for 256 labels or more.")
  var qout = false
  @Flag(name: .fastText("retrain"), help: "Train what is kept further.") var retrain = false
  @Option(name: .fastText("cutoff"), help: "Words and n-grams to keep; 0 keeps all.") var cutoff = 0
  @Option(name: .fastText("dsub"), help: "Numbers that share a code.") var dsub = 2
  @Option(name: .fastText("epoch"), help: "Passes over the text with --retrain.") var epoch = 5
  @Option(name: .fastText("lr"), help: "The learning rate with --retrain.") var lr = 0.1
  @Option(name: .fastText("label"), help: "What a label begins with.")
  var label = WordDictionary.labelPrefix
  @Option(name: .fastText("seed"), help: "Seeds all that is drawn.") var seed: UInt64 = 0
  @Flag(help: "The same bytes for the same text, settings and seed, with any number of threads.")
  var deterministic = false
  @Option(
    name: [
      .customLong("threads"), .customLong("thread"), .customLong("thread", withSingleDash: true),
    ],
    help: ArgumentHelp("Threads to compute with.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard cutoff >= 0 else { throw ValidationError("--cutoff must be at least 0, found \(cutoff)") }
    guard retrain == !input.isEmpty else {
      throw ValidationError(
        retrain ? "--retrain needs the text: --input FILES" : "--input is for --retrain")
    }
    guard threads > 0 else {
      throw ValidationError("--threads must be at least 1, found \(threads)")
    }
  }

  func run() throws {
    let file = try AtomicFile(output + ".ftz")
    var model = try FastTextModel(contentsOf: model ?? output + ".bin")
    if cutoff > 0 { model = try model.pruned(keeping: cutoff) }
    if retrain {
      var trainer = ClassifierTrainer()
      trainer.arguments.epochs = epoch
      trainer.learningRate = lr
      trainer.labelPrefix = label
      trainer.seed = seed
      trainer.threads = threads
      trainer.isDeterministic = deterministic
      let lines = try LabelledSource(prefix: label).lines(of: input)
      model = try trainer.train(lines, from: model)
    }
    let small = try model.quantized(
      partSize: dsub, separatesLengths: qnorm, quantizesOutput: qout, seed: seed)
    try small.write { try file.write(contentsOf: $0) }
    try file.commit()
    Terminal.log(output + ".ftz")
  }
}
