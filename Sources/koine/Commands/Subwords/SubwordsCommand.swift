// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Subwords

struct SubwordsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "subwords",
    abstract: "Learn, use and judge shared subword vocabularies.",
    discussion: """
      Examples:
        koine subwords train --input 'data/{lang}/train.tsv' --model_prefix out/all --vocab_size 32000
        echo "Guten Morgen" | koine subwords encode --model spiece.model --output pieces
        koine subwords inspect --model tokenizer.json --data 'data/{lang}/dev.tsv' --pivot eng_Latn
      """,
    subcommands: [
      SubwordsTrainCommand.self, SubwordsExtendCommand.self, SubwordsTrimCommand.self,
      SubwordsCheckCommand.self,
      SubwordsEncodeCommand.self, SubwordsDecodeCommand.self, SubwordsInspectCommand.self,
      SubwordsExportCommand.self,
    ])
}

extension Tokenizer {
  /// What all commands say of a model.
  static let modelHelp: ArgumentHelp = ArgumentHelp(
    "The vocabulary: a SentencePiece .model, a tokenizer.json, or a directory that holds one.",
    valueName: "file")

  /// The tokenizer at a path that a user gave.
  static func named(_ path: String) throws -> Tokenizer {
    try Tokenizer(contentsOf: URL(fileURLWithPath: path))
  }
}
