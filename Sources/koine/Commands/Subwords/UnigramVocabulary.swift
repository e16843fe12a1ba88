// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Subwords

/// A vocabulary that is changed, in the format that it is kept in.
enum UnigramVocabulary {
  /// A SentencePiece `.model`.
  case sentencePiece(SentencePieceModel)
  /// A tokenizer.json, or what is written as one.
  case listed(TokenizerConfiguration)

  /// The vocabulary in a file.
  init(_ path: String) throws {
    let configuration = try Tokenizer.named(path).configuration
    if let model = configuration.sentencePiece, !configuration.isRenumbered {
      self = .sentencePiece(model)
    } else {
      self = .listed(try configuration.listed())
    }
  }

  /// The pieces in the order of their ids.
  var pieces: [String] {
    get throws {
      switch self {
      case .sentencePiece(let model): model.pieces
      case .listed(let configuration): try Tokenizer(configuration).piecesByID
      }
    }
  }

  /// How the format's files end.
  private var ending: String {
    switch self {
    case .sentencePiece: "model"
    case .listed: "json"
    }
  }

  /// Throws where the vocabulary cannot be extended, before any text is read.
  func checkExtension() throws {
    if case .listed(let configuration) = self { try VocabularyExtender.check(configuration) }
  }

  /// Throws where the vocabulary cannot be trimmed, before any text is read.
  func checkTrimming() throws {
    if case .listed(let configuration) = self { try VocabularyTrimmer.check(configuration) }
  }

  /// Throws where a file to write has the ending of the other format.
  func check(output: String) throws {
    let found = URL(fileURLWithPath: output).pathExtension
    guard ["model", "json"].contains(found), found != ending else { return }
    throw CorpusError(
      .format, "this vocabulary is written as a .\(ending) file",
      expected: "--output FILE.\(ending)",
      hint: "'koine subwords export' writes other formats", at: output)
  }

  /// Text that is cut as the vocabulary has it, out of nothing yet.
  func text(
    characterCoverage: Float? = nil, memory: Int = 1 << 29, threads: Int = 1
  ) throws -> TrainingText {
    var specification = TrainerSpecification()
    if case .sentencePiece(let model) = self { specification = model.trainer }
    if let characterCoverage { specification.characterCoverage = characterCoverage }
    specification.maximumSentenceLength = max(1 << 20, specification.maximumSentenceLength)
    switch self {
    case .sentencePiece(let model):
      return try TrainingText(
        specification, normalizer: model.normalizer, memory: memory, threads: threads)
    case .listed(let configuration):
      return try TrainingText(
        tokenizer: Tokenizer(configuration), specification, memory: memory, threads: threads)
    }
  }

  /// The vocabulary with new pieces.
  func extended(
    by extender: VocabularyExtender, with text: TrainingText, keeping old: TrainingText?,
    reporting reported: TrainingText?, progress: (String) -> Void
  ) throws -> VocabularyExtender.Result<UnigramVocabulary> {
    switch self {
    case .sentencePiece(let model):
      let result = try extender.extend(
        model, with: text, keeping: old, reporting: reported, progress: progress)
      return result.with(.sentencePiece(result.model))
    case .listed(let configuration):
      let result = try extender.extend(
        configuration, with: text, keeping: old, reporting: reported, progress: progress)
      return result.with(.listed(result.model))
    }
  }

  /// The vocabulary with what a text does not need marked or taken out, and the ids that are left.
  func trimmed(
    by trimmer: VocabularyTrimmer, for text: TrainingText, compact: Bool
  ) throws -> (vocabulary: UnigramVocabulary, kept: [Int]) {
    switch self {
    case .sentencePiece(let model):
      let result = try trimmer.trim(model, for: text)
      return (
        .sentencePiece(compact ? try trimmer.compacted(result) : result.model), result.kept
      )
    case .listed(let configuration):
      let result = try trimmer.trim(configuration, for: text)
      return (.listed(compact ? try trimmer.compacted(result) : result.model), result.kept)
    }
  }

  func write(to url: URL) throws {
    switch self {
    case .sentencePiece(let model): try model.write(to: url)
    case .listed(let configuration): try configuration.write(to: url)
    }
  }
}
