// SPDX-License-Identifier: Apache-2.0

import Foundation
import WritingSystems

/// What words and phrases of one language are in another, looked up as they stand in running text.
///
/// Entries are compared without regard to case and to how letters are composed. A word that has no entry is taken for an inflected form of the
/// longest entry that it begins with, or that shares all but its last letter (*making* of *make*, *libraries* of *library*), so that a
/// dictionary of lemmas serves running text of a language that inflects by endings. What is not found so is looked up without marks on letters, which
/// dictionaries of Arabic, Hebrew or Yoruba have where running text leaves them out.
public struct PhraseDictionary: Sendable {
  /// The language of the translations.
  public let language: LanguageTag
  /// How many words and phrases have a translation.
  public var count: Int { entries.count }
  /// Translations that were left out, because they are in another script than the language's.
  public let otherScripts: Int
  /// The most words of an entry, by its first word.
  private var lengths: [String: Int] = [:]

  /// The translations of a word or phrase, in the order they were given in.
  private var entries: [String: [String]] = [:]
  /// For entries with marks on letters, what they are without, and the first of them that is so.
  private var unmarked: [String: String] = [:]
  /// The entries of one word, sorted by their bytes.
  private var headwords: [String] = []

  /// The fewest letters that an inflected form shares with its entry.
  private static let shortestStem = 3
  /// The most letters of an ending.
  private static let longestEnding = 3

  /// A dictionary of pairs.
  ///
  /// - Parameters:
  ///   - pairs: words or phrases with a translation; one that comes again gets a further translation.
  ///   - language: the language of the translations; those that are in another script than the tag says (`srp_Latn`), or than the language is
  ///     usually written in, are left out.
  public init(
    _ pairs: some Sequence<(phrase: String, translation: String)>, into language: LanguageTag
  ) {
    self.language = language
    let scripts = language.scripts
    var otherScripts = 0
    for pair in pairs {
      let phrase = RunningText(Self.folded(pair.phrase))
      guard let first = phrase.words.first, let last = phrase.words.last else { continue }
      if !scripts.isEmpty, !Self.isWritten(pair.translation, in: scripts) {
        otherScripts += 1
        continue
      }
      let key = String(phrase.text[first.lowerBound..<last.upperBound])
      // In scripts without spaces each letter counts as a word, but only Han's are words.
      if key.count == 1, let letter = key.unicodeScalars.first, RunningText.isUnspaced(letter),
        letter.script != .han
      {
        continue
      }
      if entries[key]?.contains(pair.translation) == true { continue }
      entries[key, default: []].append(pair.translation)
      let begin = String(phrase.text[first])
      lengths[begin] = max(lengths[begin] ?? 0, phrase.words.count)
      let bare = Self.withoutMarks(key)
      if bare != key {
        if unmarked[bare] == nil { unmarked[bare] = key }
        let begin = Self.withoutMarks(begin)
        lengths[begin] = max(lengths[begin] ?? 0, phrase.words.count)
      }
      if phrase.words.count == 1, entries[key]?.count == 1 { headwords.append(key) }
    }
    headwords.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.otherScripts = otherScripts
  }

  /// The dictionary of files of pairs, as ``ParallelReader`` reads them.
  ///
  /// - Parameters:
  ///   - paths: the files.
  ///   - language: the language of the translations.
  ///   - isReversed: whether what is looked up are the pairs' targets, and their sources are the translations; false by default.
  /// - Throws: `CorpusError` where a file cannot be read, or nothing in them is of use.
  public init(
    contentsOf paths: [String], into language: LanguageTag, isReversed: Bool = false
  ) throws {
    let pairs = try paths.flatMap { try ParallelReader().read($0) }
    self.init(
      pairs.lazy.map {
        isReversed
          ? (phrase: $0.target, translation: $0.source)
          : (phrase: $0.source, translation: $0.target)
      }, into: language)
    guard count > 0 else {
      throw CorpusError(
        .language, "the dictionary has no entry of use",
        expected: "a word and its translation in \(language.writtenScript) on a line",
        found: otherScripts > 0
          ? "\(otherScripts) translations in other scripts" : "\(pairs.count) pairs",
        hint: otherScripts > 0 ? "a tag can name the script, as srp_Latn" : nil, at: paths.first)
    }
  }

  /// The words of a text, as lists are learned of them: in small letters, in scripts without spaces a run of letters for a word.
  public static func words(of text: String) -> [String] {
    let running = RunningText(folded(text), cutsUnspaced: false)
    return running.words.map { String(running.text[$0]) }
  }

  /// The translations of a word or phrase that is folded already, as it stands or without marks on its letters; none where it has no entry.
  subscript(folded: String) -> [String] {
    if let found = entries[folded] { return found }
    let bare = Self.withoutMarks(folded)
    return entries[bare] ?? unmarked[bare].flatMap { entries[$0] } ?? []
  }

  /// The most words of an entry that begins with a folded word; 0 where none does.
  func longest(from word: String) -> Int {
    max(lengths[word] ?? 0, lengths[Self.withoutMarks(word)] ?? 0)
  }

  /// The translations of what a word is an inflected form of; none where nothing comes near.
  func translationsOfStem(of word: String) -> [String] {
    let letters = Array(word)
    for ending in 1...Self.longestEnding {
      let length = letters.count - ending
      guard length >= Self.shortestStem else { return [] }
      let stem = String(letters[..<length])
      // Short stems are chance: 'ring' is not of 'r', nor 'steve' of 'step'.
      if ending == 1 || length > Self.shortestStem, let found = entries[stem] { return found }
      if ending == Self.longestEnding || ending > 1 && length > Self.shortestStem,
        let found = oneLetterMore(than: stem)
      {
        return found
      }
    }
    return []
  }

  /// The translations of the entry that has one letter more than a stem; of several, the one with most translations.
  private func oneLetterMore(than stem: String) -> [String]? {
    var (low, high) = (0, headwords.count)
    while low < high {
      let middle = (low + high) / 2
      if headwords[middle].utf8.lexicographicallyPrecedes(stem.utf8) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    var best: [String]?
    while low < headwords.count, headwords[low].hasPrefix(stem) {
      let word = headwords[low]
      if word.count == stem.count + 1, let found = entries[word], found.count > best?.count ?? 0 {
        best = found
      }
      low += 1
    }
    return best
  }

  /// Text as entries are compared: composed, in small letters, one apostrophe for all and one space wherever there are any.
  static func folded(_ text: String) -> String {
    var folded = ComposedForm.compose(text).lowercased()
    if folded.contains("\u{2019}") {
      folded = String(folded.map { $0 == "\u{2019}" ? "'" : $0 })
    }
    guard folded.contains(where: \.isWhitespace) else { return folded }
    return folded.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Text without marks that letters of any script may have or lack: accents, signs of tone, vowels of Arabic and Hebrew.
  private static func withoutMarks(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    let scalars = text.decomposedStringWithCanonicalMapping.unicodeScalars.filter {
      guard $0.properties.canonicalCombiningClass != .notReordered else { return true }
      return $0.script.isSpecific && $0.script != .hebrew
    }
    return ComposedForm.compose(String(String.UnicodeScalarView(scalars)))
  }

  private static func isWritten(_ text: String, in scripts: [Script]) -> Bool {
    guard let script = text.dominantScript else { return true }
    return scripts.contains(script)
  }
}
