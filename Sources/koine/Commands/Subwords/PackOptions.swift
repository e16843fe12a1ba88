// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Foundation
import Subwords

/// Options that choose packs of a tiered vocabulary.
struct PackOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Packs of a tiered vocabulary, with commas between; all unless given, 'core' for none.",
      valueName: "packs"))
  var packs: String?

  @Option(
    help: ArgumentHelp(
      "The tiers of the vocabulary; the .tiers.json beside the model unless given.",
      valueName: "file"))
  var tiers: String?

  var names: [String]? {
    packs?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }

  /// The tiers of a vocabulary; nil where none are named and none stand beside it.
  func tiers(of tokenizer: Tokenizer, at model: String) throws -> VocabularyTiers? {
    let pieces = tokenizer.piecesByID
    if let tiers {
      return try VocabularyTiers(contentsOf: URL(fileURLWithPath: tiers), pieces: pieces)
    }
    return try VocabularyTiers(beside: URL(fileURLWithPath: model), pieces: pieces)
  }

  /// The tokenizer with the chosen packs in use.
  func apply(to tokenizer: Tokenizer, at model: String) throws -> Tokenizer {
    guard let names else { return tokenizer }
    guard let tiers = try tiers(of: tokenizer, at: model) else {
      throw CorpusError(
        .file, "the vocabulary has no tiers to choose packs from",
        expected: VocabularyTiers.file(beside: URL(fileURLWithPath: model)).path,
        hint: "name the file with --tiers", at: model)
    }
    return try tokenizer.using(packs: names, of: tiers)
  }
}
