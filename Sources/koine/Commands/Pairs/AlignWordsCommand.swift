// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import CrossLingual
import Foundation
import Tasks
import Torch
import Transfer

extension Symmetrization: ExpressibleByArgument {}
extension AlignmentTrainer.Model: ExpressibleByArgument {}
extension SimilarityAligner.Method: ExpressibleByArgument {}

struct AlignWordsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "align-words",
    abstract: "Say which words of sentence pairs belong together.",
    discussion: """
      Pairs are lines of 'source ||| target', or two files whose lines belong together; words stand between spaces. A line out for each \
      pair: links i-j between places from 0 (Pharaoh's format).

      By default both directions of an HMM are learnt from the pairs themselves and made one. --similarity takes the words' vectors in \
      the base encoder instead, which needs no training and suits few pairs. --save keeps what was learnt, --load aligns \
      other pairs with it. --evaluate compares with a file of reference links, sure ones i-j, possible ones ipj or i?j.

      Examples:
        koine align-words pairs.txt > links.txt
        koine align-words --source bible.grc --target bible.en --save grc-en.model > links.txt
        koine align-words new.txt --load grc-en.model --symmetrization intersect
        koine align-words pairs.txt --similarity itermax --evaluate gold.txt --json
      """)

  @Argument(help: "Lines of 'source ||| target'; - is standard input.")
  var pairs: String?

  @Option(help: ArgumentHelp("The source's sentences, a line each.", valueName: "file"))
  var source: String?

  @Option(help: ArgumentHelp("The target's sentences, a line each.", valueName: "file"))
  var target: String?

  @Option(help: "How far training goes: ibm1, fast-align or hmm.")
  var model = AlignmentTrainer.Model.hmm

  @Option(
    help:
      "How both directions become one: intersect, union, grow-diag, grow-diag-final or grow-diag-final-and."
  )
  var symmetrization = Symmetrization.growDiagFinalAnd

  @Option(help: "Align by similarity: argmax, itermax or match.")
  var similarity: SimilarityAligner.Method?

  @Option(
    help: "The base encoder for --similarity: a name or a model directory. (default: e5-small)")
  var base: String?

  @Option(
    help: ArgumentHelp(
      "The layer of the base that words' vectors are from. (default: two thirds up)",
      valueName: "number"))
  var layer: Int?

  @Option(help: ArgumentHelp("Letters of a stem; 0 for words alone.", valueName: "count"))
  var stem = AlignmentTrainer().stemLength

  @Option(help: "The prior probability that a word has no partner.")
  var empty = AlignmentTrainer().emptyProbability

  @Option(help: ArgumentHelp("Passes before the HMM, and with it.", valueName: "count"))
  var passes = AlignmentTrainer().jumpIterations

  @Option(help: ArgumentHelp("Keep what was learnt.", valueName: "file"))
  var save: String?

  @Option(help: ArgumentHelp("Align with what was learnt before.", valueName: "file"))
  var load: String?

  @Option(
    help: ArgumentHelp(
      "Measure against reference links instead of writing links.", valueName: "file"))
  var evaluate: String?

  @Flag(help: "Write a JSON object a pair, or for the measurement.")
  var json = false

  @OptionGroup var engine: EngineOptions

  func validate() throws {
    guard (pairs != nil) != (source != nil || target != nil), (source == nil) == (target == nil)
    else {
      throw ValidationError(
        "expected a file of 'source ||| target' lines, or --source and --target together")
    }
    guard passes > 0 else { throw ValidationError("--passes must be at least 1, found \(passes)") }
    guard (0...100).contains(stem) else {
      throw ValidationError("--stem must be from 0 to 100, found \(stem)")
    }
    guard empty > 0, empty < 1 else {
      throw ValidationError("--empty must be between 0 and 1, found \(empty)")
    }
    if similarity != nil, save != nil || load != nil {
      throw ValidationError("--similarity learns nothing; leave --save and --load out")
    }
    if load != nil, save != nil { throw ValidationError("--load and --save exclude each other") }
    if similarity == nil, base != nil || layer != nil {
      throw ValidationError("--base and --layer are for --similarity")
    }
  }

  func run() async throws {
    let input = try SentencePairs.read(pairs: pairs, source: source, target: target)
    let references = try evaluate.map { try SentencePairs.references($0, for: input) }
    var alignments: [WordAlignment]
    if let similarity {
      try await engine.prepare()
      let command = self
      alignments = try await Compute.run { try command.align(input, by: similarity) }
    } else {
      alignments = try align(input)
    }
    if let references {
      var score = WordAlignmentScore()
      for (alignment, reference) in zip(alignments, references) {
        score.add(alignment, reference: reference)
      }
      return try write(score)
    }
    for alignment in alignments {
      guard json else {
        Terminal.write("\(alignment)\n")
        continue
      }
      let links = alignment.links.map { "[\($0.source),\($0.target)]" }.joined(separator: ",")
      Terminal.write("{\"links\":[\(links)]}\n")
    }
  }

  private func align(_ input: [SentencePairs.Pair]) throws -> [WordAlignment] {
    let aligner: WordAligner
    if let load {
      guard let data = FileManager.default.contents(atPath: load) else {
        throw AlignmentError(.file, "there is no such file, or it cannot be read", at: load)
      }
      aligner = try WordAligner(decoding: data, at: load)
    } else {
      var trainer = AlignmentTrainer()
      (trainer.model, trainer.stemLength, trainer.threads) = (model, stem, engine.threads)
      (trainer.emptyProbability, trainer.jumpIterations) = (empty, passes)
      trainer.lexicalIterations = passes
      aligner = try trainer.train(input) { Terminal.update($0) }
      Terminal.endUpdates()
      if let save {
        let file = try AtomicFile(save)
        try file.write(contentsOf: aligner.encoded())
        try file.commit()
        Terminal.log("wrote \(save)")
      }
    }
    return aligner.align(input, by: symmetrization, threads: engine.threads)
  }

  private func align(
    _ input: [SentencePairs.Pair], by method: SimilarityAligner.Method
  ) throws -> [WordAlignment] {
    let directory = try BaseModels.directory(base ?? "e5-small") { Terminal.log($0) }
    guard !SentenceEncoders.isStatic(directory) else {
      throw ValidationError("--similarity takes a network's states; word vectors have no layers")
    }
    let states = try WordStates(TextEncoder(directory: directory, prefix: .none), depth: layer)
    let aligner = SimilarityAligner(method: method)
    var alignments: [WordAlignment] = []
    for start in stride(from: 0, to: input.count, by: 256) {
      let batch = Array(input[start..<min(input.count, start + 256)])
      for (pair, similarities) in zip(batch, try states.similarities(batch)) {
        alignments.append(aligner.align(similarities, targetCount: pair.target.count))
      }
      Terminal.update("aligned \(alignments.count) of \(input.count)")
    }
    Terminal.endUpdates()
    return alignments
  }

  private func write(_ score: WordAlignmentScore) throws {
    let values = [
      ("precision", score.precision), ("recall", score.recall), ("f1", score.f1),
      ("aer", score.errorRate),
    ]
    guard json else {
      return Terminal.write(
        values.map { "\($0.0)\t\(String(format: "%.4f", $0.1))\n" }.joined()
          + "pairs\t\(score.count)\nlinks\t\(score.found)\nsure\t\(score.sure)\n")
    }
    let numbers =
      values.map { "\"\($0.0)\":\($0.1)" } + [
        "\"pairs\":\(score.count)", "\"links\":\(score.found)", "\"sure\":\(score.sure)",
      ]
    Terminal.write("{\(numbers.joined(separator: ","))}\n")
  }
}
