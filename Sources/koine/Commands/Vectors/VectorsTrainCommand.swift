// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import WordVectors

struct VectorsTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Learn word vectors of text, or a classifier of labelled text.",
    discussion: """
      Flags are fastText's, and their meaning and defaults too. Text is read as it is: words are what stands between
      spaces, so tokenise and lower-case it first where that is wanted. Writes PREFIX.bin, which fastText opens, and
      PREFIX.vec, a line of text for each word.

      Files that name their language (FILE=LANGUAGE, or a pattern with {lang}) give PREFIX.LANGUAGE.bin and .vec each:
        --space own      a training and a space of its own for each language
        --space joint    one training: a dictionary for each language, n-grams shared (with --parallel, --dictionary)
        --space shared   one dictionary and one model for all, PREFIX.bin; a word is the same in all languages

      Languages come into one space through lines that say the same (--parallel), in which a word tells the
      neighbours of the word that it stands for too, or through a dictionary, by which words are replaced at random.

      --model supervised learns to tell labels: lines begin with theirs (__label__x, one or more), or files are tables
      (.tsv, .csv, .jsonl) with columns text and label. See 'koine vectors predict', 'test' and 'quantize'.

      Threads write to the same numbers without waiting for each other; --deterministic gives the same bytes for the
      same text and seed, with any number of threads.

      Examples:
        koine vectors train --input text.txt.gz --output out/en --dim 300 --epoch 10
        koine vectors train --input text.txt --output out/words --maxn 0 --loss hs --model cbow
        koine vectors train --input 'text/{lang}.txt' --output out/own
        koine vectors train --parallel en.txt=en de.txt=de --alignment links.txt --output out/ende
        koine vectors train --input en.txt=en it.txt=it --dictionary en-it.tsv --output out/enit
        koine vectors train --model supervised --input train.txt --wordNgrams 2 --lr 0.5 --output out/topics
      """)

  @Option(
    name: .fastText("input"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Files: a sentence a line, .tsv or .jsonl, .gz or not, '-'; FILE=LANGUAGE; or a pattern with {lang}.",
      valueName: "files"))
  var input: [String] = []

  @Option(
    name: .fastText("output"),
    help: ArgumentHelp("Where to write, without ending.", valueName: "path"))
  var output: String

  @OptionGroup(title: "Several languages") var languages: BilingualOptions
  @OptionGroup(title: "Settings, as in fastText") var settings: EmbeddingOptions

  @Flag(help: "The same bytes for the same text, settings and seed, with any number of threads.")
  var deterministic = false

  @Option(
    name: [
      .customLong("threads"), .customLong("thread"), .customLong("thread", withSingleDash: true),
    ],
    help: ArgumentHelp("Threads to compute with.", valueName: "count"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Flag(help: "Write PREFIX.bin only.") var noVec = false
  @Flag(help: "Say nothing while it works.") var quiet = false

  func validate() throws {
    guard threads > 0 else {
      throw ValidationError("--threads must be at least 1, found \(threads)")
    }
    guard !input.isEmpty || !languages.parallel.isEmpty else {
      throw ValidationError(
        "name the text: --input FILES, or --parallel FILE=LANGUAGE FILE=LANGUAGE")
    }
    try languages.validate()
  }

  func run() throws {
    // Where nothing can be written, that is said before hours of work; the file goes with the object.
    _ = try AtomicFile(output + ".bin")
    guard settings.model != .supervised else { return try trainClassifier() }
    var trainer = try settings.trainer()
    trainer.threads = threads
    trainer.isDeterministic = deterministic
    trainer.alignment = languages.rule
    trainer.replacementRate = languages.replace
    let source = EmbeddingSource(input: input, options: languages) { log($0) }
    for text in try source.texts() {
      let space = try train(trainer, text)
      for (index, name) in space.languages.enumerated() {
        let model = space.model(of: index)
        let path = name.isEmpty ? output : "\(output).\(name)"
        try write(model, to: path)
      }
    }
  }

  private func trainClassifier() throws {
    guard languages.parallel.isEmpty, languages.dictionary.isEmpty else {
      throw ValidationError("--parallel and --dictionary are not for --model supervised")
    }
    var trainer = try settings.classifierTrainer()
    trainer.threads = threads
    trainer.isDeterministic = deterministic
    let lines = try LabelledSource(prefix: settings.label).lines(of: input)
    log("\(lines.count) lines")
    let start = Date()
    let model = try trainer.train(lines) { progress in
      update(
        share: progress.share, tokens: progress.tokenCount, rate: progress.learningRate,
        loss: progress.loss, since: start)
    }
    if !quiet { Terminal.endUpdates() }
    log("learnt in \(String(format: "%.1f", Date().timeIntervalSince(start))) s")
    try write(model, to: output)
  }

  private func write(_ model: FastTextModel, to path: String) throws {
    try write(to: path + ".bin") { try model.write(to: $0) }
    if !noVec { try write(to: path + ".vec") { try model.writeVectors(to: $0) } }
  }

  private func train(_ trainer: EmbeddingTrainer, _ text: TrainingText) throws -> EmbeddingSpace {
    log(
      "\(text.tokenCount) words"
        + (text.languages == [""] ? "" : " in " + text.languages.joined(separator: ", ")))
    let start = Date()
    let total = text.tokenCount * trainer.arguments.epochs
    let space = try trainer.train(text) { progress in
      update(
        share: progress.share, tokens: progress.tokenCount, rate: progress.learningRate,
        loss: progress.loss, since: start)
    }
    if !quiet { Terminal.endUpdates() }
    let seconds = max(Date().timeIntervalSince(start), 1e-3)
    log("learnt in \(String(format: "%.1f", seconds)) s, \(Int(Double(total) / seconds)) words/s")
    return space
  }

  private func update(share: Double, tokens: Int, rate: Double, loss: Double, since start: Date) {
    guard !quiet else { return }
    let seconds = max(Date().timeIntervalSince(start), 1e-3)
    let left = Int(seconds / max(share, 1e-6) * (1 - share))
    let percent = String(format: "%.1f", share * 100)
    Terminal.update(
      "\(percent) %, \(Int(Double(tokens) / seconds)) words/s, "
        + "lr \(String(format: "%.5f", rate)), loss \(String(format: "%.4f", loss)), "
        + "\(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60) left")
  }

  private func write(
    to path: String, _ body: (@escaping ([UInt8]) throws -> Void) throws -> Void
  ) throws {
    let file = try AtomicFile(path)
    try body { try file.write(contentsOf: $0) }
    try file.commit()
    log(path)
  }

  private func log(_ line: String) { if !quiet { Terminal.log(line) } }
}
