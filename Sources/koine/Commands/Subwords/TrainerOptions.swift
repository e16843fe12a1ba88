// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Corpora
import Subwords

extension SentencePieceModel.Algorithm {
  /// The algorithms by the names of `spm_train`.
  static let named: [String: Self] = [
    "unigram": .unigram, "bpe": .bpe, "word": .word, "char": .character,
  ]
}

/// The flags of `spm_train` that say what to learn.
struct TrainerOptions: ParsableArguments {
  @Option(name: .spm("model_type"), help: "unigram, bpe, wordpiece, char or word.")
  var modelType = "unigram"

  @Option(name: .spm("vocab_size"), help: "How many pieces, reserved ones included.")
  var vocabSize = 8000

  @Option(
    name: .spm("character_coverage"),
    help: "The share of the text's characters that become pieces.")
  var characterCoverage: Float = 0.9995

  @Option(
    name: .spm("byte_fallback"), defaultAsFlag: true,
    help: "Spell other characters in bytes, at the cost of 256 pieces.")
  var byteFallback: Bool?

  @Option(
    name: .spm("normalization_rule_name"),
    help: "nmt_nfkc, nfkc, nmt_nfkc_cf, nfkc_cf or identity.")
  var normalizationRuleName = "nmt_nfkc"

  @Option(name: .spm("add_dummy_prefix"), help: "Put a space in front of text.")
  var addDummyPrefix = true

  @Option(name: .spm("remove_extra_whitespaces"), help: "Drop spaces at the ends and doubled ones.")
  var removeExtraWhitespaces = true

  @Option(name: .spm("split_by_unicode_script"), help: "No piece crosses scripts.")
  var splitByUnicodeScript = true

  @Option(name: .spm("split_by_number"), help: "No piece joins digits and letters.")
  var splitByNumber = true

  @Option(name: .spm("split_by_whitespace"), help: "No piece crosses words.")
  var splitByWhitespace = true

  @Option(
    name: .spm("split_digits"), defaultAsFlag: true, help: "Each digit is a piece of its own.")
  var splitDigits: Bool?

  @Option(
    name: .spm("treat_whitespace_as_suffix"), defaultAsFlag: true,
    help: "The mark of a space goes behind words, not before.")
  var treatWhitespaceAsSuffix: Bool?

  @Option(
    name: .spm("allow_whitespace_only_pieces"), defaultAsFlag: true,
    help: "Runs of spaces may be pieces.")
  var allowWhitespaceOnlyPieces: Bool?

  @Option(name: .spm("user_defined_symbols"), help: "Pieces that are always found, between commas.")
  var userDefinedSymbols = ""

  @Option(name: .spm("control_symbols"), help: "Pieces that are never found, between commas.")
  var controlSymbols = ""

  @Option(name: .spm("required_chars"), help: "Characters that become pieces in any case.")
  var requiredChars = ""

  @Option(name: .spm("max_sentencepiece_length"), help: "The longest piece, in characters.")
  var maxPieceLength = 16

  @Option(name: .spm("max_sentence_length"), help: "Longer lines are passed over, in bytes.")
  var maxSentenceLength = 4192

  @Option(name: .spm("seed_sentencepiece_size"), help: "How many candidates unigram begins with.")
  var seedPieceSize = 1_000_000

  @Option(name: .spm("shrinking_factor"), help: "The share of pieces that outlives a round.")
  var shrinkingFactor: Float = 0.75

  @Option(name: .spm("num_sub_iterations"), help: "How often a round fits probabilities.")
  var subIterations = 2

  @Option(name: .spm("hard_vocab_limit"), help: "Fewer pieces than asked for are an error.")
  var hardVocabLimit = true

  @Option(name: .spm("unk_id"), help: "The id of the unknown piece.")
  var unkID = 0
  @Option(name: .spm("bos_id"), help: "The id of the piece before a text; -1 for none.")
  var bosID = 1
  @Option(name: .spm("eos_id"), help: "The id of the piece behind a text; -1 for none.")
  var eosID = 2
  @Option(name: .spm("pad_id"), help: "The id of the padding; -1 for none.")
  var padID = -1
  @Option(name: .spm("unk_piece"), help: "The unknown piece.")
  var unkPiece = "<unk>"
  @Option(name: .spm("bos_piece"), help: "The piece before a text.")
  var bosPiece = "<s>"
  @Option(name: .spm("eos_piece"), help: "The piece behind a text.")
  var eosPiece = "</s>"
  @Option(name: .spm("pad_piece"), help: "The padding.")
  var padPiece = "<pad>"

  func validate() throws {
    guard modelType == "wordpiece" || SentencePieceModel.Algorithm.named[modelType] != nil else {
      throw ValidationError(
        "--model_type must be unigram, bpe, wordpiece, char or word, found '\(modelType)'")
    }
    guard vocabSize > 0, vocabSize < 1 << 22 else {
      throw ValidationError("--vocab_size must be between 1 and 4194303, found \(vocabSize)")
    }
    guard characterCoverage > 0, characterCoverage <= 1 else {
      throw ValidationError(
        "--character_coverage must be above 0 and at most 1, found \(characterCoverage)")
    }
    guard (1...250).contains(maxPieceLength) else {
      throw ValidationError(
        "--max_sentencepiece_length must be between 1 and 250, found \(maxPieceLength)")
    }
    guard maxSentenceLength > 0, subIterations > 0, seedPieceSize > 0 else {
      throw ValidationError(
        "--max_sentence_length, --num_sub_iterations and --seed_sentencepiece_size must be at least 1"
      )
    }
    guard SentencePieceNormalizer.names.contains(normalizationRuleName) else {
      throw ValidationError(
        "--normalization_rule_name must be one of "
          + "\(SentencePieceNormalizer.names.joined(separator: ", ")), found '\(normalizationRuleName)'"
      )
    }
  }

  /// What they say, as a model keeps it.
  func specification(inputs: [String], prefix: String) -> TrainerSpecification {
    var specification = TrainerSpecification()
    specification.inputs = inputs
    specification.modelPrefix = prefix
    specification.algorithm = SentencePieceModel.Algorithm.named[modelType] ?? .unigram
    specification.vocabularySize = vocabSize
    specification.characterCoverage = characterCoverage
    specification.byteFallback = byteFallback ?? false
    specification.splitsByUnicodeScript = splitByUnicodeScript
    specification.splitsByNumber = splitByNumber
    specification.splitsByWhitespace = splitByWhitespace
    specification.splitsDigits = splitDigits ?? false
    specification.treatsWhitespaceAsSuffix = treatWhitespaceAsSuffix ?? false
    specification.allowsWhitespaceOnlyPieces = allowWhitespaceOnlyPieces ?? false
    specification.userDefinedSymbols = Self.names(userDefinedSymbols)
    specification.controlSymbols = Self.names(controlSymbols)
    specification.requiredCharacters = requiredChars
    specification.maximumPieceLength = maxPieceLength
    specification.maximumSentenceLength = maxSentenceLength
    specification.seedPieceCount = seedPieceSize
    specification.shrinkingFactor = shrinkingFactor
    specification.subIterationCount = subIterations
    specification.hasHardVocabularyLimit = hardVocabLimit
    (specification.unknownID, specification.beginID) = (unkID, bosID)
    (specification.endID, specification.padID) = (eosID, padID)
    (specification.unknownPiece, specification.beginPiece) = (unkPiece, bosPiece)
    (specification.endPiece, specification.padPiece) = (eosPiece, padPiece)
    return specification
  }

  /// The normaliser.
  func normalizer() throws -> SentencePieceNormalizer {
    var normalizer = try SentencePieceNormalizer.named(normalizationRuleName)
    normalizer.addsDummyPrefix = addDummyPrefix
    normalizer.removesExtraWhitespaces = removeExtraWhitespaces
    return normalizer
  }

  private static func names(_ text: String) -> [String] {
    text.split(separator: ",").map(String.init)
  }
}

extension NameSpecification {
  /// A flag as `spm_train` spells it, and with hyphens.
  static func spm(_ name: String) -> NameSpecification {
    let hyphens = String(name.map { $0 == "_" ? "-" : $0 })
    return [.customLong(name), .customLong(hyphens)]
  }
}

extension ByteSize: ExpressibleByArgument {
  /// Reads what a user wrote.
  public init?(argument: String) { self.init(argument) }
}
