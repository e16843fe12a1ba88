// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation

struct IdentifyDataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identify",
    abstract: "Say what language and script each line of text is in.",
    discussion: """
      One line out for each line in: language, script, probability and, for a line
      in several languages, these with their shares; between tabs. 'und' stands for
      a language that is not likely enough. Without --model it tells 176 languages
      with lid.176, which is fetched once.

      Examples:
        koine data identify corpus.txt.gz > languages.tsv
        echo "Guten Morgen" | koine data identify --json --top 3

      What is not Swahili, by file (file, lines, Swahili, und, others, which, where):
        koine data identify --expect swh_Latn swahili/*.txt

      Learn other languages, from LANG.txt each or from lines '__label__LANG text':
        koine data identify --train texts/*.txt --output my.bin

      How well a model does, on whole texts, their first words, and in upper case:
        koine data identify --evaluate 'data/{lang}/{split}.tsv' --split dev
      """)

  @Argument(help: "Files of one text a line, .gz or not; '-' is standard input. (default: -)")
  var files: [String] = []

  @Option(help: ArgumentHelp("A supervised fastText model, .bin or .ftz.", valueName: "file"))
  var model: String?

  @Option(help: ArgumentHelp("How many languages to name.", valueName: "count"))
  var top = 1

  @Option(
    help: ArgumentHelp("The probability below which a language is 'und'.", valueName: "0…1"))
  var threshold = FastTextIdentifier.standardThreshold

  @Flag(
    help: "Give fastText's own labels and probabilities: no calibration, no scripts, no mixtures.")
  var raw = false

  @Flag(help: "Write one JSON object a line.")
  var json = false

  @Flag(help: "Write the text too.")
  var text = false

  @Option(
    help: ArgumentHelp(
      "Write for each file how many lines are in this language, and which are not.",
      valueName: "language"))
  var expect: String?

  @Flag(help: "Train a model on labelled files and write it to --output.")
  var train = false

  @Flag(help: "Measure a model on labelled files, whole texts and their first words.")
  var evaluate = false

  @Flag(help: "Fit a model's calibration to labelled files.")
  var calibrate = false

  @Option(help: "What {split} stands for in labelled files like 'data/{lang}/{split}.tsv'.")
  var split = "train"

  @OptionGroup(title: "Options of --train") var training: IdentifierTrainingOptions

  @Option(help: "Seeds a training.")
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Threads to compute with.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard threads > 0 else {
      throw ValidationError("--threads must be at least 1, found \(threads)")
    }
    guard top > 0 else { throw ValidationError("--top must be at least 1, found \(top)") }
    guard (0...1).contains(threshold) else {
      throw ValidationError("--threshold must be between 0 and 1, found \(threshold)")
    }
    let modes = [train, evaluate, calibrate, expect != nil].count { $0 }
    guard modes <= 1 else {
      throw ValidationError("--train, --evaluate, --calibrate and --expect exclude each other")
    }
    if train || evaluate || calibrate, files.isEmpty {
      throw ValidationError("name the labelled files")
    }
    try training.validate(isTraining: train)
  }

  func run() throws {
    if train { return try runTraining() }
    var identifier = try FastTextIdentifier(
      contentsOf: model ?? IdentificationModel.file { Terminal.log($0) }.path)
    identifier.isRaw = raw
    identifier.threshold = threshold
    if calibrate { return try runCalibration(identifier) }
    if evaluate { return try runEvaluation(identifier) }
    if let expect { return try report(identifier, try LanguageTag(expect)) }
    let files = files.isEmpty ? ["-"] : files
    for file in files {
      try TextLines(file).forEachBatch(of: 4096) { lines in
        let found = identifier.identify(lines, limit: top, threads: threads)
        var output = ""
        for (line, identification) in zip(lines, found) {
          output += identification.line(
            json: json, top: top, text: text ? line : nil, file: files.count > 1 ? file : nil)
          output += "\n"
        }
        Terminal.write(output)
      }
    }
  }

  private func report(_ identifier: FastTextIdentifier, _ expected: LanguageTag) throws {
    for file in files.isEmpty ? ["-"] : files {
      var report = LanguageReport(expected: expected)
      try TextLines(file).forEachBatch(of: 4096) { lines in
        for found in identifier.identify(lines, threads: threads) { report.add(found) }
      }
      Terminal.write(report.line(for: file, json: json) + "\n")
    }
  }

  private func runTraining() throws {
    let result = try training.training(seed: seed).train(
      LanguageExamples(files, split: split), test: training.testExamples,
      output: training.output ?? "", threads: threads
    ) { Terminal.log($0) }
    Terminal.log(
      "learnt from \(result.trainingCount) texts, measured on \(result.heldOutCount)")
    write(result.evaluation)
  }

  private func runEvaluation(_ identifier: FastTextIdentifier) throws {
    var evaluation = IdentificationEvaluation(identifier)
    var texts: [(text: String, language: String)] = []
    try LanguageExamples(files, split: split).forEach { text, language in
      texts.append((text, language))
      guard texts.count == 4096 else { return }
      try evaluation.add(texts, threads: threads)
      texts = []
    }
    try evaluation.add(texts, threads: threads)
    write(evaluation)
  }

  private func runCalibration(_ identifier: FastTextIdentifier) throws {
    var fitting = CalibrationFitting(identifier)
    try LanguageExamples(files, split: split).forEach { text, language in
      fitting.add(text, language: try LanguageTag(language))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    Terminal.write(String(decoding: try encoder.encode(fitting.fitted()), as: UTF8.self) + "\n")
  }

  private func write(_ evaluation: IdentificationEvaluation) {
    Terminal.write(evaluation.table(json: json))
  }
}

/// What a model is trained with; names are fastText's.
struct IdentifierTrainingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model to write.", valueName: "file.bin"))
  var output: String?
  @Option(
    help:
      "Labelled files to measure on, in place of a tenth of the texts; a pattern's split is dev.")
  var test: [String] = []
  @Option(help: "softmax, hs (hierarchical softmax) or ova.")
  var loss = "softmax"
  @Option(help: "Numbers in a vector.") var dim = 16
  @Option(help: "Passes over the texts.") var epoch = 10
  @Option(help: "The learning rate at the start.") var lr = 0.5
  @Option(help: "Characters in the shortest n-gram.") var minn = 2
  @Option(help: "Characters in the longest n-gram.") var maxn = 4
  @Option(help: "Words in the longest word n-gram.") var wordNgrams = 1
  @Option(help: "Rows that n-grams share.") var bucket = 1 << 18
  @Option(help: "How often a word must come to have a row of its own.") var minCount = 5
  @Flag(help: "Write a quantised model (.ftz).") var quantize = false
  @Option(help: "Words and n-grams that a quantised model keeps.") var cutoff = 50_000

  func validate(isTraining: Bool) throws {
    guard isTraining else {
      if output != nil { throw ValidationError("--output is for --train") }
      return
    }
    guard output != nil else { throw ValidationError("--train needs --output FILE") }
    guard ["softmax", "hs", "ova"].contains(loss) else {
      throw ValidationError("--loss must be softmax, hs or ova, found '\(loss)'")
    }
    guard cutoff >= 256 else {
      throw ValidationError("--cutoff must be at least 256, found \(cutoff)")
    }
  }

  var testExamples: LanguageExamples? {
    test.isEmpty ? nil : LanguageExamples(test, split: "dev")
  }

  func training(seed: UInt64) -> IdentifierTraining {
    var training = IdentifierTraining()
    training.arguments.dimension = dim
    training.arguments.epochs = epoch
    training.arguments.minimumCharacters = minn
    training.arguments.maximumCharacters = maxn
    training.arguments.wordNGrams = wordNgrams
    training.arguments.buckets = bucket
    training.arguments.minimumCount = minCount
    training.arguments.loss =
      switch loss {
      case "hs": .hierarchicalSoftmax
      case "ova": .oneVersusAll
      default: .softmax
      }
    training.learningRate = lr
    training.seed = seed
    training.keptRows = quantize ? cutoff : nil
    return training
  }
}
