// SPDX-License-Identifier: Apache-2.0

import Subwords
import Tasks
import WritingSystems

/// A base's vocabulary with pieces of a new language behind all ids that its table has rows for.
///
/// How the text of other languages is cut is kept in one of two ways. Where old text is given, pieces that would change it are given
/// up. Where none is, every new piece has a letter of a script that the new text is in, so that text without one is cut
/// as before; text in that script may be cut otherwise.
public struct ExtendedVocabulary: Sendable {
  /// What became of the vocabulary.
  public struct Report: Sendable, Codable {
    /// Pieces that are new.
    public var added: Int
    /// Pieces that were found and given up.
    public var givenUp: Int
    /// Tokens of the new text before.
    public var tokensBefore: Int64
    /// Tokens of the new text now.
    public var tokensAfter: Int64
    /// Unknown tokens of the new text before.
    public var unknownBefore: Int64
    /// Unknown tokens of the new text now.
    public var unknownAfter: Int64
    /// The scripts without whose letters any text is cut as before; none where old text was given, or changes are allowed.
    public var scripts: [String]
    /// Words of the old text that are cut otherwise; none unless changes are allowed.
    public var changedWords: Int
  }

  /// The longer vocabulary.
  public let tokenizer: Tokenizer
  /// What became of it.
  public let report: Report
  /// The base's core and packs, and the new pieces as a pack.
  public let tiers: VocabularyTiers

  /// Adds pieces of a text to a base's vocabulary.
  ///
  /// - Parameters:
  ///   - base: the base; its vocabulary must be unigram.
  ///   - count: how many pieces to add at most.
  ///   - text: text of the new language, made by ``text(for:threads:)``.
  ///   - old: text of languages in use, made by ``oldText(for:)``; nil where there is none.
  ///   - allowsChanges: whether pieces that change old text are kept, and told; false by default.
  ///   - threads: threads to learn with.
  ///   - progress: told of each round.
  /// - Throws: `SubwordError` where the vocabulary is of another kind, `RecipeError` where the text has no letters.
  public init(
    _ base: TextEncoder, adding count: Int, of text: TrainingText, keeping old: TrainingText?,
    allowsChanges: Bool = false, threads: Int = 1, progress: (String) -> Void = { _ in }
  ) throws {
    var extender = VocabularyExtender(pieceCount: count)
    (extender.threads, extender.firstID) = (threads, base.vocabularySize)
    var scripts: [Script] = []
    if old == nil, !allowsChanges {
      scripts = try text.mainScripts
      guard !scripts.isEmpty else {
        throw RecipeError(
          .data, "expected text of the new language in --input, found no letters; check the files")
      }
      let admitted = Set(scripts)
      extender.admits = { $0.unicodeScalars.contains { admitted.contains($0.script) } }
    }
    let result = try extender.extend(
      base.tokenizer.configuration.listed(), with: text,
      keeping: allowsChanges ? nil : try old ?? Self.oldText(for: base), reporting: old,
      progress: progress)
    guard result.added > 0 else {
      throw RecipeError(
        .data,
        "expected text that the base has no pieces for, found none to add; it is cut well already, or all that was found would "
          + "change how old text is cut")
    }
    tokenizer = try Tokenizer(result.model)
    report = Report(
      added: result.added, givenUp: result.givenUp.count, tokensBefore: result.tokens.before,
      tokensAfter: result.tokens.after, unknownBefore: result.unknown.before,
      unknownAfter: result.unknown.after, scripts: scripts.map(\.code),
      changedWords: result.changed.count)
    tiers = try Self.tiers(base, text, tokenizer.piecesByID)
  }

  private static func tiers(
    _ base: TextEncoder, _ text: TrainingText, _ pieces: [String]
  ) throws -> VocabularyTiers {
    let old = Array(pieces.prefix(base.vocabularySize))
    let file = base.directory.appendingPathComponent("tokenizer.json")
    var tiers =
      try VocabularyTiers(beside: file, pieces: old)
      ?? VocabularyTiers(core: old.count, packs: [], pieces: old)
    let languages = text.languages.map(\.name).filter { !$0.isEmpty }
    let name = languages.isEmpty ? "extension" : languages.joined(separator: "+")
    tiers.append(name, languages: languages.isEmpty ? [name] : languages, pieces: pieces)
    return tiers
  }

  /// Text of the new language with nothing in it yet, cut as a base's vocabulary has it.
  ///
  /// - Throws: `SubwordError` where the vocabulary cannot be extended.
  public static func text(for base: TextEncoder, threads: Int = 1) throws -> TrainingText {
    let configuration = try base.tokenizer.configuration.listed()
    try VocabularyExtender.check(configuration)
    var specification = TrainerSpecification()
    specification.maximumSentenceLength = 1 << 20
    return try TrainingText(
      tokenizer: Tokenizer(configuration), specification, threads: threads)
  }

  /// Text of languages in use with nothing in it yet but what may precede a text.
  public static func oldText(for base: TextEncoder, threads: Int = 1) throws -> TrainingText {
    let text = try text(for: base, threads: threads)
    let language = text.language(named: "")
    for prefix in TextPrefix.allCases { try text.add(prefix.text + "\n", language: language) }
    return text
  }
}
