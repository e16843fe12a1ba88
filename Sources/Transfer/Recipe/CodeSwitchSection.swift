// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation

/// How labelled text of the source is put into other languages' words by dictionaries, as a recipe says it.
public struct CodeSwitchSection: Sendable, Equatable, Codable {
  /// A path with `{lang}` in it: words or phrases of the source and their translations.
  public var dictionaries: String
  /// The languages; the targets that have a dictionary when empty.
  public var languages: [String]
  /// The share of known words that are replaced.
  public var rate: Double
  /// How many of a word's first translations are drawn from.
  public var choices: Int
  /// Drawings of each example for each language.
  public var copies: Int
  /// The most examples for each language, drawn by the seed; 0 for all.
  public var limit: Int
  /// Whether words are taken only as they stand in the dictionary.
  public var isExact: Bool
  /// The share of known words that are glossed, where the base's texts are; as many as are replaced when nil.
  public var glossRate: Double?
}

extension CodeSwitchSection {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case dictionaries, languages, rate, choices, copies, limit
    case isExact = "exact"
    case glossRate = "gloss"
  }

  /// Reads the section.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    let usual = CodeSwitcher.Settings()
    dictionaries = try fields.required(
      .dictionaries, "a path with {lang} in it, as dictionaries/{lang}.txt")
    guard dictionaries.contains("{lang}") else {
      throw fields.error(.dictionaries, "must have {lang} in it, found '\(dictionaries)'")
    }
    languages = try fields.value(.languages, default: [])
    rate = try fields.value(.rate, default: usual.rate, in: 1e-6...1)
    choices = try fields.value(.choices, default: usual.choices, in: 1...1000)
    copies = try fields.value(.copies, default: 1, in: 1...10_000)
    limit = try fields.value(.limit, default: 0, in: 0...Int.max)
    isExact = try fields.value(.isExact, default: false)
    glossRate = try fields.value(.glossRate)
    guard glossRate.map((0...1).contains) ?? true else {
      throw fields.error(.glossRate, "must lie between 0 and 1, found \(glossRate ?? 0)")
    }
  }

  /// Where the dictionaries are.
  private var files: DictionaryPattern { DictionaryPattern(dictionaries) }

  /// The languages that are switched into: those that are named, else the targets that have a dictionary.
  ///
  /// - Throws: `RecipeError` where no target has one.
  func languages(among targets: [String]) throws -> [String] {
    languages.isEmpty ? try files.languages(among: targets) : languages
  }

  /// A hash of each language's dictionary.
  func dictionaryHashes(among targets: [String]) throws -> [(language: String, hash: String)] {
    try files.hashes(of: languages(among: targets))
  }

  /// What a stage that reads the dictionaries depends on, by name.
  func inputs(among targets: [String]) throws -> [String: String] {
    Dictionary(
      try dictionaryHashes(among: targets).map { ("dictionary.\($0.language)", $0.hash) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Goes through the examples that are switched, language by language and drawing by drawing.
  ///
  /// - Parameter body: gets the language, an example, and what puts a text of it into the language's words.
  func forEachDrawing<Example>(
    of examples: [Example], among targets: [String], seed: UInt64,
    _ body: (
      _ language: String, _ example: Example, _ switched: (String) -> CodeSwitcher.Switched
    ) throws -> Void
  ) throws {
    for language in try languages(among: targets) {
      let switcher = try switcher(language, seed: seed)
      for copy in 0..<copies {
        for example in switcher.sample(examples, limit: limit) {
          try body(language, example) { switcher($0, copy: copy) }
        }
      }
    }
  }

  /// What replaces words of a language.
  private func switcher(_ language: String, seed: UInt64) throws -> CodeSwitcher {
    let dictionary = try PhraseDictionary(
      contentsOf: [files.file(language).path], into: LanguageTag(language))
    return CodeSwitcher(dictionary, settings(seed: seed))
  }

  /// How words are drawn.
  func settings(seed: UInt64) -> CodeSwitcher.Settings {
    var settings = CodeSwitcher.Settings()
    (settings.rate, settings.choices) = (rate, choices)
    (settings.isInflected, settings.seed) = (!isExact, seed)
    return settings
  }

  /// How glosses behind switched text are drawn.
  func glossSettings(seed: UInt64) -> CodeSwitcher.Settings {
    var settings = settings(seed: seed)
    if let glossRate { settings.rate = glossRate }
    return settings
  }
}

extension StrictFields {
  /// A section of a recipe of tasks, whose texts are read without glosses.
  func codeSwitching(_ key: Key) throws -> CodeSwitchSection? {
    let section: CodeSwitchSection? = try value(key)
    guard section?.glossRate == nil else {
      throw error(
        key, "has 'gloss', which is for recipes without 'task': only their texts are glossed")
    }
    return section
  }
}
