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

      tokenizer.json has no mark for unused pieces: there, unigram and WordPiece vocabularies alike, the text of such a
      piece becomes <unused ID>, with a space that no text has when it reaches the model. BPE vocabularies are refused.

      Example:
        koine subwords trim --model all.model --input 'data/{lang}/train.tsv' --languages deu_Latn,fra_Latn \\
          --output small.model --compact
      """)

  @Option(
    help: ArgumentHelp(
      "The vocabulary: a unigram .model, or a unigram or WordPiece tokenizer.json.",
      valueName: "file"))
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

  @Option(help: ArgumentHelp("The .model or .json to write, as --model is.", valueName: "file"))
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
    let base = try UnigramVocabulary(model)
    try base.check(output: output)
    try base.checkTrimming()
    let text = try base.text()
    var source = try TrainingSource(input, invalid: invalid)
    source.languages = languages?.split(separator: ",").map(String.init)
    try source.add(to: text)
    var trimmer = VocabularyTrimmer()
    trimmer.leastUses = least
    let result = try base.trimmed(by: trimmer, for: text, compact: compact)
    try result.vocabulary.write(to: URL(fileURLWithPath: output))
    if compact {
      let table = try AtomicFile(output + ".ids.tsv")
      try table.write("new\told\n")
      for (new, old) in result.kept.enumerated() { try table.write("\(new)\t\(old)\n") }
      try table.commit()
    }
    Terminal.log("\(result.kept.count) of \(try base.pieces.count) pieces are used")
  }
}
