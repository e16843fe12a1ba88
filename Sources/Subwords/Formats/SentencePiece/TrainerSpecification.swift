// SPDX-License-Identifier: Apache-2.0

/// How a SentencePiece model was trained, as its file says (`trainer_spec`).
///
/// Names are those of the flags of `spm_train`, defaults those of `sentencepiece_model.proto`. Only
/// `algorithm`, `treatsWhitespaceAsSuffix`, `byteFallback` and `unknownSurface` change how the model
/// encodes and decodes; all others are kept for the record.
public struct TrainerSpecification: Sendable, Equatable {
  /// `input`: the files trained on.
  public var inputs: [String] = []
  /// `input_format`: `text` or `tsv`.
  public var inputFormat = ""
  /// `model_prefix`.
  public var modelPrefix = ""
  /// `model_type`.
  public var algorithm = SentencePieceModel.Algorithm.unigram
  /// `vocab_size`.
  public var vocabularySize = 8000
  /// `accept_language`.
  public var acceptedLanguages: [String] = []
  /// `self_test_sample_size`.
  public var selfTestSampleSize = 0
  /// `character_coverage`.
  public var characterCoverage: Float = 0.9995
  /// `input_sentence_size`: 0 for all.
  public var inputSentenceSize = 0
  /// `shuffle_input_sentence`.
  public var shufflesInputSentence = true
  /// `seed_sentencepiece_size`.
  public var seedPieceCount = 1_000_000
  /// `shrinking_factor`.
  public var shrinkingFactor: Float = 0.75
  /// `max_sentence_length`, in bytes.
  public var maximumSentenceLength = 4192
  /// `num_threads`.
  public var threadCount = 16
  /// `num_sub_iterations`.
  public var subIterationCount = 2
  /// `max_sentencepiece_length`, in scalars.
  public var maximumPieceLength = 16
  /// `split_by_unicode_script`.
  public var splitsByUnicodeScript = true
  /// `split_by_number`.
  public var splitsByNumber = true
  /// `split_by_whitespace`.
  public var splitsByWhitespace = true
  /// `treat_whitespace_as_suffix`.
  public var treatsWhitespaceAsSuffix = false
  /// `allow_whitespace_only_pieces`.
  public var allowsWhitespaceOnlyPieces = false
  /// `split_digits`.
  public var splitsDigits = false
  /// `pretokenization_delimiter`.
  public var pretokenizationDelimiter = ""
  /// `control_symbols`.
  public var controlSymbols: [String] = []
  /// `user_defined_symbols`.
  public var userDefinedSymbols: [String] = []
  /// `required_chars`.
  public var requiredCharacters = ""
  /// `byte_fallback`.
  public var byteFallback = false
  /// `vocabulary_output_piece_score`.
  public var outputsPieceScores = true
  /// `hard_vocab_limit`.
  public var hasHardVocabularyLimit = true
  /// `use_all_vocab`.
  public var usesAllVocabulary = false
  /// `unk_id`.
  public var unknownID = 0
  /// `bos_id`; -1 for none.
  public var beginID = 1
  /// `eos_id`; -1 for none.
  public var endID = 2
  /// `pad_id`; -1 for none.
  public var padID = -1
  /// `unk_piece`.
  public var unknownPiece = "<unk>"
  /// `bos_piece`.
  public var beginPiece = "<s>"
  /// `eos_piece`.
  public var endPiece = "</s>"
  /// `pad_piece`.
  public var padPiece = "<pad>"
  /// `unk_surface`: what the unknown piece becomes when decoded.
  public var unknownSurface = " \u{2047} "
  /// `train_extremely_large_corpus`.
  public var trainsExtremelyLargeCorpus = false
  /// `seed_sentencepieces_file`.
  public var seedPiecesFile = ""
  /// Fields of later or rarer kinds, in wire format, as they stood in the file.
  var others: [UInt8] = []

  /// Makes a specification with the format's defaults.
  public init() {}
}
