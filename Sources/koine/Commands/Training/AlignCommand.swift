// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Tasks
import Torch
import Training
import Transfer

struct AlignCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "align",
    abstract: "Move languages to where a source language is, by texts that say the same.",
    discussion: """
      Pairs of texts or words teach an adapter, or the base itself, to give a text the vector that its source has. The loss is
      any weighted sum of
        contrastive     a text is nearer to its own source than to the batch's others, and the other way round
        pivot           a text's vector is where the frozen base has its source's
        keep            the source's own vector stays where it was
        agreement       two looks under different dropout agree (needs --dropout)
        uniformity      texts are spread over the sphere
        decorrelation   dimensions go with the same dimensions of the source, and with no others
        entropy         each text decides for one source, whichever
        words           a word is nearer to the word that it translates than to the batch's others (words between spaces)
      with weights that stay (pivot=1) or change over the training (contrastive=1:0.1, keep=0:1@0.2-0.5).

      Pairs come from FILE=LANGUAGE: a table with columns source and target (.tsv, .csv, .jsonl; lang and score where they are
      there), lines 'source ||| target' (.txt), a translation memory (.tmx), a gettext catalogue (.po, .mo), or two files
      whose lines belong together, SOURCES,TARGETS=LANGUAGE.

      While it trains, the space of each language is watched by pairs that are held out, and a training whose space collapses is
      stopped. A training that is interrupted goes on from its last checkpoint when the same line is run again.

      Examples:
        koine align --pairs tatoeba.sw.tsv=swh_Latn --output aligned/swh
        koine align --pairs en.txt,eu.txt=eus_Latn --pairs eu.mo=eus_Latn --pairs basque.txt=eus_Latn --freeze-sources --output aligned/eus
        koine align --pairs all.tsv --sampling 0.3 --objective pivot=1 --objective keep=0.5 --method full --output out/base
        koine retrieve --base out/base --queries q.txt=sw --documents d.txt=en --evaluate
      """)

  @Option(
    help: ArgumentHelp(
      "Pairs to learn from, and their target's language; may be repeated.",
      valueName: "file=language")
  )
  var pairs: [String]

  @Option(
    help: ArgumentHelp(
      "Pairs to watch spaces by, and to stop by with --patience; by default some of --pairs are held out.",
      valueName: "file=language"))
  var development: [String] = []

  @Option(help: ArgumentHelp("The column or key of a table's sources.", valueName: "name"))
  var sourceColumn = ParallelReader().sourceColumn

  @Option(help: ArgumentHelp("The column or key of a table's targets.", valueName: "name"))
  var targetColumn = ParallelReader().targetColumn

  @Flag(
    help:
      "Let pairs count as much as their score says, as 'koine mine' writes it; those without one count 1."
  )
  var scoreWeights = false

  @Option(help: ArgumentHelp("The folder for what was trained.", valueName: "folder"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "A name that 'koine base list' knows, or a Hugging Face directory of a BERT or XLM-R encoder.",
      valueName: "name or folder"))
  var base = "e5-small"

  @Option(
    help: ArgumentHelp(
      "A term of the loss with its weight; may be repeated; by default contrastive alone.",
      valueName: "term=weight"))
  var objective: [String] = []

  @Option(
    help: ArgumentHelp(
      "What cosines are divided by in contrast, entropy and words.", valueName: "number"))
  var temperature = AlignmentTraining.usualTemperature

  @Flag(
    help:
      "In contrast, compute sources anew in place of taking them where the frozen base has them.")
  var learnSources = false

  @Flag(
    help: """
      Texts of the source language will be encoded without what is trained, as where each language has an adapter of its own: spaces \
      are judged so.
      """)
  var freezeSources = false

  @Option(
    help: ArgumentHelp(
      "Near sources that each pair brings along as negatives.", valueName: "count"))
  var hardNegatives = 0

  @Option(
    help: ArgumentHelp(
      "Pairs that are computed at once; larger batches go in parts, with the same gradients.",
      valueName: "count"))
  var partSize = AlignmentObjective.Settings().partSize

  @Option(
    help: ArgumentHelp(
      "The exponent of languages' shares: 1 as they are, 0 as much of each, 0.3 is usual.",
      valueName: "exponent"))
  var sampling = 1.0

  @Option(
    help: ArgumentHelp(
      "What a batch is made of: mixed, or pairs of one language.", valueName: "mixed or language"))
  var batching = PairSampling.Batching.mixed

  @Option(
    help: ArgumentHelp("Steps between looks at the space; 0 for none.", valueName: "count"))
  var healthInterval = AlignmentTuner.Settings().healthInterval

  @Option(
    help: ArgumentHelp(
      "Pairs of each language that are held out where --development is not given.",
      valueName: "count"))
  var heldOut = AlignmentTraining.Settings().heldOut

  @Option(help: ArgumentHelp("The most tokens of a text.", valueName: "count"))
  var maximumLength = AlignmentTraining.Settings().maximumLength

  @Option(
    help: ArgumentHelp(
      "What precedes every text: query, passage or none.", valueName: "prefix"))
  var prefix = TextPrefix.query

  @Option(
    help: ArgumentHelp("The adapter's name: letters, digits, '-' and '_'.", valueName: "name"))
  var name = AlignmentTraining.Settings().name

  @Flag(help: "Write what was done as JSON to standard output.")
  var json = false

  @OptionGroup(title: "What moves") var moving: MethodOptions
  @OptionGroup(title: "How it moves") var course: CourseOptions
  @Option(
    help: ArgumentHelp(
      "Begin with this share of each language's shortest pairs; it grows to all of them by the end (competence-based curriculum).",
      valueName: "share"))
  var competence: Double?

  @OptionGroup var engine: EngineOptions

  func validate() throws {
    guard !pairs.isEmpty else {
      throw ValidationError("--pairs is missing: texts that say the same, as en-sw.tsv=swh_Latn")
    }
    guard (0...1).contains(sampling) else {
      throw ValidationError("--sampling must be between 0 and 1, found \(sampling)")
    }
    if let competence, !(competence > 0 && competence <= 1) {
      throw ValidationError("--competence must be above 0 and at most 1, found \(competence)")
    }
    guard partSize > 0, hardNegatives >= 0, healthInterval >= 0, heldOut >= 0, maximumLength > 0
    else {
      throw ValidationError(
        "--part-size and --maximum-length must be at least 1, --hard-negatives, --health-interval and --held-out at least 0"
      )
    }
    guard temperature > 0 else { throw ValidationError("--temperature must be above 0") }
    guard moving.method != .head else {
      throw ValidationError("--method head moves nothing; an alignment has no head")
    }
    guard !freezeSources || !moving.choice(default: .lora).kind.changesBody else {
      throw ValidationError(
        "--freeze-sources is for adapters; '\(moving.choice(default: .lora).kind.rawValue)' changes the base for all languages"
      )
    }
    let terms = try terms()
    guard (course.dropout ?? 0) > 0 || !terms.contains(where: { $0.kind == .agreement }) else {
      throw ValidationError(
        "the term 'agreement' needs --dropout, as 0.1: without it two looks are the same")
    }
  }

  func run() async throws {
    try await engine.prepare()
    let command = self
    try await Compute.run { try command.align() }
  }

  private func align() throws {
    let start = Date()
    let settings = try settings()
    let folder = URL(fileURLWithPath: output)
    let training = AlignmentTraining(settings) { Terminal.log($0) }
    try training.check(place: folder)
    let (sources, others) = try (Self.sources(pairs), Self.sources(development))
    var reader = ParallelReader()
    (reader.sourceColumn, reader.targetColumn) = (sourceColumn, targetColumn)
    let checkpoints = try CheckpointFolder(
      beside: folder, "align", base: base,
      [
        settings,
        [
          "languages": (sources + others).map { $0.language ?? "" },
          "weights": [scoreWeights ? "score" : "none"],
        ],
      ],
      files: [
        ("pairs", sources.flatMap(\.files)), ("development", others.flatMap(\.files)),
      ], below: LowerAdapters(settings.below))
    let result = try training.train(
      sources.flatMap { try $0.pairs(reader, weighsByScore: scoreWeights) },
      development: others.flatMap { try $0.pairs(reader) },
      checkpoints: checkpoints.url)
    try training.write(result, to: folder)
    checkpoints.remove()
    let summary = AlignmentSummary(result, settings, seconds: Date().timeIntervalSince(start))
    if json {
      try Terminal.write(json: summary)
    } else {
      Terminal.write(summary.table)
    }
    Terminal.log(
      "\(output): \(summary.trainableParameters) parameters trained on \(summary.pairs) pairs, \(summary.steps) steps"
    )
  }

  private static func sources(_ texts: [String]) throws -> [PairSource] {
    try texts.map { text in
      do { return try PairSource(text) } catch { throw ValidationError("\(error)") }
    }
  }

  private func terms() throws -> [AlignmentTerm] {
    let written = objective.isEmpty ? ["contrastive"] : objective
    return try written.map { text in
      do {
        var term = try AlignmentTerm(text)
        (term.temperature, term.freezesSources) = (temperature, !learnSources)
        return term
      } catch {
        throw ValidationError("--objective: \(error)")
      }
    }
  }

  private func settings() throws -> AlignmentTraining.Settings {
    var settings = AlignmentTraining.Settings()
    settings.base = base
    settings.choice = moving.choice(default: .lora)
    settings.plan = course.plan(
      for: settings.choice.kind, headRate: nil, usual: settings.plan)
    settings.learning.objective.terms = try terms()
    settings.learning.objective.sampling = PairSampling(
      exponent: sampling, batching: batching, competence: competence)
    settings.learning.objective.partSize = partSize
    settings.learning.objective.hardNegatives = hardNegatives
    settings.learning.healthInterval = healthInterval
    settings.learning.freezesSources = freezeSources
    settings.maximumLength = maximumLength
    settings.prefix = prefix
    settings.heldOut = heldOut
    settings.name = name
    settings.below = moving.below
    return settings
  }
}

extension PairSampling.Batching: ExpressibleByArgument {}
