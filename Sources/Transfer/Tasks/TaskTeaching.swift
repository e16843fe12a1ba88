// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation

/// What a method learns from beside the source's labels: labels of other languages, or the source's own in other languages' words.
///
/// Nothing of it is zero-shot; with ``codeSwitching`` alone, what is true is still told by the source's labels only.
public struct TaskTeaching: Sendable, Equatable {
  /// Languages whose whole training split is learned from too: joint multi-source transfer; none.
  public var sources: [String] = []
  /// How many examples of each class of every target's training split are learned from too: few-shot transfer; 0.
  public var shots = 0
  /// How the source's examples are put into other languages' words too; nil for not at all.
  public var codeSwitching: CodeSwitching?

  /// Nothing beside the source's labels.
  public init() {}

  /// Whether there is anything beside the source's labels.
  public var isEmpty: Bool { sources.isEmpty && shots == 0 && codeSwitching == nil }

  /// Examples whose words are replaced by dictionaries' translations.
  public struct CodeSwitching: Sendable, Equatable, Codable {
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
  }

  /// What labels of other languages are learned from, in a few words; nil for none.
  public var furtherLabels: String? {
    var parts: [String] = []
    if !sources.isEmpty { parts.append("all of \(sources.joined(separator: ", "))") }
    if shots > 0 { parts.append("\(shots) of each class in every target") }
    return parts.isEmpty ? nil : parts.joined(separator: " and ")
  }

  /// What it is, in a few words; nil where it is empty.
  public var summary: String? {
    var parts = [furtherLabels].compactMap { $0.map { "with \($0)" } }
    if codeSwitching != nil { parts.append("with code-switched text") }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

extension TaskTeaching.CodeSwitching {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case dictionaries, languages, rate, choices, copies, limit
    case isExact = "exact"
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
  }

  /// Where a language's dictionary is.
  func path(_ language: String) -> String {
    dictionaries.replacingOccurrences(of: "{lang}", with: language)
  }

  /// The languages that are switched into: those that are named, else the targets that have a dictionary.
  func languages(among targets: [String]) -> [String] {
    languages.isEmpty
      ? targets.filter { FileManager.default.fileExists(atPath: path($0)) } : languages
  }

  /// What replaces words of a language.
  func switcher(_ language: String, seed: UInt64) throws -> CodeSwitcher {
    let dictionary = try PhraseDictionary(
      contentsOf: [path(language)], into: LanguageTag(language))
    var settings = CodeSwitcher.Settings()
    (settings.rate, settings.choices) = (rate, choices)
    (settings.isInflected, settings.seed) = (!isExact, seed)
    return CodeSwitcher(dictionary, settings)
  }
}
