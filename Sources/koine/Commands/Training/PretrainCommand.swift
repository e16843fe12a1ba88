// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Tasks
import Torch
import Training
import Transfer
import Transformers

struct PretrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract:
      "Go on with pretraining on unlabelled text: a language's adapter, or the base itself.",
    discussion: """
      Pieces of the text are hidden, and what moves learns to guess them (masked language modelling), or the next piece. With
      --method language, the default, that is the language adapter of MAD-X: a task's adapter is tuned above that
      of the source language (tune --below) and used above that of any other (predict --below). With --anchor and
      --source, text of the source language, vectors of sentences are kept and moved to where the source's are: then
      the source needs no adapter. It wants text of much the same kind in both languages. With full, top or biases the base itself goes on
      learning, and the output is a base as any other; with head it gets the head that it came without.

      T5 and mT5 learn by --objective spans alone: stretches are taken out of the text, and the decoder writes them (span corruption, 15 % in
      stretches of 3). --method is lora, the default, or full, and the output PEFT's folder of an adapter or a model as any other.

      --parallel adds texts that say the same in two languages, both in one row, so that what is hidden in one can be guessed from the other
      (translation language modelling).

      --objective spans hides stretches of pieces that follow each other, of 3.8 in the mean (--span-length; SpanBERT), in whole words
      with --whole-words. --objective causal hides nothing: each piece is guessed from those before it. transformers opens what --method full makes of it as a
      decoder (is_decoder=True); Koine reads it from both sides, as any base.

      Text is a line each (.txt, .gz, - for standard input), or a column of a table (.tsv, .csv, .jsonl). Where files name their languages,
      --temperature evens these out, and --mask-rates has another share hidden in some of them.
      A training that is interrupted goes on from its last checkpoint when the same line is run again.

      Examples:
        koine pretrain --train en.txt --output languages/en
        koine pretrain --train sw.txt --source en.txt --anchor 1 --reduction 16 --epochs 5 --output languages/sw
        koine tune classification --train en.tsv --method pfeiffer --output out/topics
        koine evaluate out/topics sw.tsv --below languages/sw
        koine pretrain --train sw.txt --parallel en-sw.tsv --method lora --output out/tlm
        koine pretrain --train sw.txt --development sw-dev.txt --method full --epochs 2 --output out/base-sw
        koine pretrain --train sw=sw.txt --train de=de.txt --temperature 3.3 --mask-rates sw=0.3 --method full --output out/both
        koine pretrain --train sw.txt --objective spans --whole-words --method lora --output out/spans
        koine pretrain --base t5-small/ --objective spans --method full --rate 1e-3 --train sw.txt --output out/t5-sw
        koine pretrain --base out/new --objective causal --method full --prefix none --rate 1e-3 --train sw.txt --output out/base-sw
      """)

  @Option(
    help: ArgumentHelp(
      "Text to learn from, or LANGUAGE=FILE, or a pattern with {lang}; may be repeated.",
      valueName: "file"))
  var train: [String] = []

  @Option(
    help: ArgumentHelp(
      "Pairs of texts to learn from, as 'koine align --pairs' reads them; two files of lines with a comma between. May be repeated.",
      valueName: "file"))
  var parallel: [String] = []

  @Option(
    help: ArgumentHelp(
      "Text to judge guesses by, and to stop by with --patience, as --train has it; may be repeated.",
      valueName: "file"))
  var development: [String] = []

  @Option(help: ArgumentHelp("The folder for what was trained.", valueName: "folder"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "A name that 'koine base list' knows, or a Hugging Face directory of a BERT or XLM-R encoder, T5 or mT5.",
      valueName: "name or folder"))
  var base = "e5-small"

  @Option(help: ArgumentHelp("The column or key of the text, in tables.", valueName: "name"))
  var text = "text"

  @Option(
    help: ArgumentHelp("The adapter's name: letters, digits, '-' and '_'.", valueName: "name"))
  var name = "language"

  @Option(
    help: ArgumentHelp(
      "The head to go on with: the folder of an adapter that pretraining made; by default the base's own, or a fresh one.",
      valueName: "path"))
  var head: String?

  @Flag(help: "Let the head stay as it is, as where adapters of several languages share it.")
  var keepHead = false

  @Option(help: ArgumentHelp("The most tokens of a row.", valueName: "count"))
  var maximumLength = LanguageRows.Layout().maximumLength

  @Flag(help: "Let lines that follow each other share a row: for long documents.")
  var joinLines = false

  @Option(
    help: ArgumentHelp(
      "What precedes every row and is never hidden, as in tuning: query, passage or none; by default query, for encoder-decoders none.",
      valueName: "prefix"))
  var prefix: TextPrefix?

  @Option(
    help: ArgumentHelp(
      """
      How strongly the vectors of texts, means of their tokens, are held where they were, beside guessing; with --source, \
      where the source language's are.
      """, valueName: "weight"))
  var anchor = LanguageModelTuner.Settings().anchorWeight

  @Option(
    help: ArgumentHelp(
      "What guessing counts beside --anchor; with 0 nothing is hidden.", valueName: "weight"))
  var guess = LanguageModelTuner.Settings().guessWeight

  @Option(
    help: ArgumentHelp(
      "Text of the source language, to whose mean --anchor moves vectors; may be repeated.",
      valueName: "file"))
  var source: [String] = []

  @Flag(help: "Write what was done as JSON to standard output.")
  var json = false

  @OptionGroup(title: "What is guessed") var guessing: ObjectiveOptions
  @OptionGroup(title: "What moves") var moving: MethodOptions
  @OptionGroup(title: "How it moves") var course: CourseOptions
  @OptionGroup var engine: EngineOptions

  func validate() throws {
    guard !train.isEmpty || !parallel.isEmpty else {
      throw ValidationError("--train is missing: a file of text, or --parallel: a file of pairs")
    }
    guard parallel.isEmpty || anchor == 0 else {
      throw ValidationError("--anchor holds vectors of single texts; leave --parallel out")
    }
    guard guessing.objective != .causal || anchor == 0 && parallel.isEmpty else {
      throw ValidationError(
        "--objective causal reads text from one side alone, and --anchor and --parallel are for text that is read from both; leave "
          + "them out, or take --objective masked")
    }
    guard course.patience == nil || !development.isEmpty else {
      throw ValidationError("--patience needs --development, text to judge by")
    }
    guard source.isEmpty || anchor > 0 else {
      throw ValidationError("--source is for --anchor; say how strongly, as --anchor 1")
    }
    guard anchor >= 0, guess >= 0 else {
      throw ValidationError("--anchor and --guess must be at least 0")
    }
    let choice = moving.choice(default: .language)
    guard anchor == 0 || choice.kind != .head else {
      throw ValidationError(
        "--anchor holds what an adapter or the base changes; 'head' changes neither")
    }
    guard guess > 0 || anchor > 0 && !choice.kind.changesBody else {
      throw ValidationError(
        "--guess 0 leaves --anchor alone to say what an adapter learns; give --anchor")
    }
    guard guess > 0 || guessing.isUsual else {
      throw ValidationError(
        "--guess 0 hides nothing, so that --objective, --mask-rate, --mask-rates and --span-length have no use"
      )
    }
    guard guess == LanguageModelTuner.Settings().guessWeight || anchor > 0 else {
      throw ValidationError("--guess says what guessing counts beside --anchor; give --anchor")
    }
    guard guess > 0 || head == nil && !keepHead && !guessing.wholeWords && course.patience == nil
    else {
      throw ValidationError(
        "--guess 0 hides nothing, so that --head, --keep-head, --whole-words and --patience have no use"
      )
    }
  }

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run { try command.pretrain() }
  }

  private func pretrain() throws {
    let start = Date()
    let folder = URL(fileURLWithPath: output)
    let file = try BaseModels.directory(base) { Terminal.log($0) }
      .appendingPathComponent("config.json")
    // What is no model of either kind is refused where it is opened.
    let family = (try? ConfigurationFile(contentsOf: file))?.modelType ?? ""
    let trained =
      ModelFamilies.sequences.contains(family)
      ? try trainSequences(to: folder, family: family) : try trainEncoder(to: folder)
    try tell(trained, since: start)
  }

  /// What was trained, by what way and on how many lines.
  typealias Trained = (method: TuningChoice.Kind, lines: Int, course: PretrainingCourse)

  /// Trains an encoder, or what stands on it.
  private func trainEncoder(to folder: URL) throws -> Trained {
    let settings = try settings()
    let files = try PretrainingFiles(
      train: train, development: development, parallel: parallel, source: source, column: text)
    let trainer = LanguageTraining(settings) { Terminal.log($0) }
    try trainer.check(place: folder)
    let checkpoints = try CheckpointFolder(
      beside: folder, "pretrain", base: base, [settings, ["text": text]],
      files: files.roles + [("head", [settings.headPlace?.path].compactMap(\.self))],
      below: LowerAdapters(settings.below))
    let texts = try files.texts()
    let result = try trainer.train(texts, checkpoints: checkpoints.url)
    try trainer.write(result, to: folder)
    checkpoints.remove()
    return (settings.choice.kind, texts.lineCount, result.tuned.course)
  }

  /// Says what was done.
  private func tell(_ trained: Trained, since start: Date) throws {
    let summary = PretrainingSummary(
      trained, hasGuesses: guess > 0, seconds: Date().timeIntervalSince(start))
    guard !json else {
      try Terminal.write(json: summary)
      return
    }
    if let before = summary.before, let after = summary.after {
      Terminal.log(
        String(
          format:
            "%@ of the development text: perplexity %.1f before, %.1f after; %.1f %% guessed, before %.1f %%",
          guessing.guessed, before.perplexity, after.perplexity, after.accuracy * 100,
          before.accuracy * 100))
    }
    if summary.languages.contains(where: { !$0.language.isEmpty }) {
      Terminal.log("rows of languages: " + summary.languages.map(\.text).joined(separator: ", "))
    }
    Terminal.log(
      "\(output): \(summary.trainableParameters) parameters trained on \(summary.rows) rows, \(summary.steps) steps"
    )
  }

  private func settings() throws -> LanguageTraining.Settings {
    var settings = LanguageTraining.Settings()
    settings.base = base
    settings.choice = moving.choice(default: .language)
    settings.plan = course.plan(for: settings.choice.kind, headRate: nil)
    try guessing.apply(to: &settings.learning)
    settings.learning.movesHead = !keepHead
    settings.learning.guessWeight = guess
    settings.learning.anchorWeight = anchor
    settings.layout.maximumLength = maximumLength
    settings.layout.joinsLines = joinLines
    settings.layout.prefix = (prefix ?? .query).text
    settings.name = name
    settings.below = moving.below
    settings.head = head
    return settings
  }
}
