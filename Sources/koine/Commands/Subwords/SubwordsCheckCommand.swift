// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Subwords
import Torch

struct SubwordsCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say whether an embedding matrix fits a vocabulary.",
    discussion: """
      Exit status 0 where each id has its row, 75 where rows are missing or stand for another vocabulary. Versions are
      those of the .tiers.json beside the model.

      Example:
        koine subwords check --model out/all.model --embeddings model.safetensors
      """)

  @Option(help: Tokenizer.modelHelp)
  var model: String

  @Option(help: ArgumentHelp("A .safetensors file.", valueName: "file"))
  var embeddings: String

  @Option(
    help:
      "The tensor; the one whose name ends in word_embeddings.weight, embed_tokens.weight or shared.weight."
  )
  var tensor: String?

  @Option(help: "The digest of the vocabulary that the matrix was made for, as .tiers.json has it.")
  var digest: String?

  func run() throws {
    let tokenizer = try Tokenizer.named(model)
    let file = try SafetensorsFile(URL(fileURLWithPath: embeddings))
    let endings = ["word_embeddings.weight", "embed_tokens.weight", "shared.weight"]
    let names = file.names.filter { name in
      tensor.map { $0 == name } ?? endings.contains { name.hasSuffix($0) }
    }
    guard let name = names.first, let rows = file.shape(name)?.first else {
      throw CorpusError(
        .format, "no embedding matrix is in it",
        expected: tensor ?? endings.joined(separator: " or "),
        found: file.names.prefix(5).joined(separator: ", "), at: embeddings)
    }
    let pieces = (0..<tokenizer.vocabularySize).map { tokenizer.piece(of: Int32($0)) ?? "" }
    let tiers =
      try VocabularyTiers(beside: URL(fileURLWithPath: model), pieces: pieces)
      ?? VocabularyTiers(core: pieces.count, packs: [], pieces: pieces)
    switch tiers.compatibility(rows: rows, digest: digest) {
    case .complete(let padding):
      Terminal.write("\(name): \(rows) rows for \(pieces.count) ids, \(padding) of them padding\n")
    case .earlier(let version, let missing):
      Terminal.write(
        "\(name): \(rows) rows are those of version \(version); \(missing) ids have none yet\n")
      throw ExitCode(75)
    case .none(let reason):
      Terminal.write("\(name): does not fit: \(reason)\n")
      throw ExitCode(75)
    }
  }
}
