// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Subwords

extension ExportFormat: ExpressibleByArgument {}

struct SubwordsExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a vocabulary in another format.",
    discussion: """
      sentencepiece is a .model, vocab the table beside it, tokenizer.json is read by Hugging Face tokenizers, vocab.txt
      by BERT's. A format that cannot hold what the vocabulary does is refused with the reason.

      A SentencePiece model becomes a tokenizer.json with the same pieces, ids and rules. tokenizers applies rules to a
      character together with its marks, so a line in some thousands is cut otherwise there.

      Example:
        koine subwords export --model base --output tokenizer.json
      """)

  @Option(help: Tokenizer.modelHelp)
  var model: String

  @Option(help: "The format to write; by default what the output's name ends in says.")
  var format: ExportFormat?

  @Option(
    help: ArgumentHelp("The file to write; one that is there is replaced.", valueName: "file"))
  var output: String

  func validate() throws {
    guard format == nil, ExportFormat(path: output) == nil else { return }
    throw ValidationError(
      "--format must be given where --output ends in none of .model, .vocab, .json and .txt")
  }

  func run() throws {
    guard let format = format ?? ExportFormat(path: output) else { return }
    let tokenizer = try Tokenizer.named(model)
    let contents: [UInt8]
    do {
      contents = try format.contents(for: tokenizer)
    } catch var error {
      if error.location.isEmpty { error.location = model }
      throw error
    }
    let file = try AtomicFile(output)
    try file.write(contentsOf: contents)
    try file.commit()
    Terminal.log("\(output): \(tokenizer.vocabularySize) ids, \(contents.count) bytes")
  }
}
