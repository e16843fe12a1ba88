// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Subwords

struct SubwordsTrimCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trim",
    abstract: "Keep of a vocabulary what some languages use.",
    discussion: """
      Pieces that the text does not need are marked as unused: ids stay where they are, and the text is cut as before.
      With --compact they are taken out; OUTPUT.ids.tsv then says which old id each new one was, row by row, for the
      embedding matrix.

      Example:
        koine subwords trim --model all.model --input 'data/{lang}/train.tsv' --languages deu_Latn,fra_Latn \\
          --output small.model --compact
      """)

  @Option(help: ArgumentHelp("The vocabulary: a SentencePiece unigram .model.", valueName: "file"))
  var model: String

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Text of the languages to keep, as for train.", valueName: "files"))
  var input: [String] = []

  @Option(help: "The languages of the text to keep, between commas; all unless named.")
  var languages: String?

  @Option(help: "Pieces used less often are not kept.")
  var least: Int64 = 1

  @Flag(help: "Close the gaps: other ids, and a table of them.")
  var compact = false

  @Option(help: ArgumentHelp("The .model to write.", valueName: "file"))
  var output: String

  @Option(
    help: ArgumentHelp("What becomes of bytes that are not UTF-8.", valueName: "stop|replace"))
  var invalid = LineBlock.Invalid.stop

  func validate() throws {
    guard !input.isEmpty else {
      throw ValidationError("--input is missing: name at least one file")
    }
    guard least > 0 else { throw ValidationError("--least must be at least 1, found \(least)") }
  }

  func run() throws {
    let base = try SentencePieceModel.reading(model)
    var specification = base.trainer
    specification.maximumSentenceLength = max(1 << 20, specification.maximumSentenceLength)
    let text = try TrainingText(specification, normalizer: base.normalizer)
    var source = try TrainingSource(input, invalid: invalid)
    source.languages = languages?.split(separator: ",").map(String.init)
    try source.add(to: text)
    var trimmer = VocabularyTrimmer()
    trimmer.leastUses = least
    let result = try trimmer.trim(base, for: text)
    let written = compact ? try trimmer.compacted(result) : result.model
    try written.write(to: URL(fileURLWithPath: output))
    if compact {
      let table = try AtomicFile(output + ".ids.tsv")
      try table.write("new\told\n")
      for (new, old) in result.kept.enumerated() { try table.write("\(new)\t\(old)\n") }
      try table.commit()
    }
    Terminal.log("\(result.kept.count) of \(base.pieces.count) pieces are used")
  }
}
