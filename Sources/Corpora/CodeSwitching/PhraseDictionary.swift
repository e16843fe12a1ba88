// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// What words and phrases of one language are in another, looked up as they stand in running text.
///
/// Entries are compared without regard to case and to how letters are composed. A word that has no entry is taken for an inflected form of the
/// longest entry that it begins with, or that shares all but its last letter (*making* of *make*, *libraries* of *library*), so that a
/// dictionary of lemmas serves running text of a language that inflects by endings.
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
      if entries[key]?.contains(pair.translation) == true { continue }
      entries[key, default: []].append(pair.translation)
      let begin = String(phrase.text[first])
      lengths[begin] = max(lengths[begin] ?? 0, phrase.words.count)
      if phrase.words.count == 1, entries[key]?.count == 1 { headwords.append(key) }
    }
    headwords.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.otherScripts = otherScripts
  }

  /// The dictionary of files of pairs, as ``ParallelReader`` reads them.
  ///
  /// - Throws: `CorpusError` where a file cannot be read, or nothing in them is of use.
  public init(contentsOf paths: [String], into language: LanguageTag) throws {
    let pairs = try paths.flatMap { try ParallelReader().read($0) }
    self.init(pairs.lazy.map { (phrase: $0.source, translation: $0.target) }, into: language)
    guard count > 0 else {
      throw CorpusError(
        .language, "the dictionary has no entry of use",
        expected: "a word and its translation in \(language.writtenScript) on a line",
        found: otherScripts > 0
          ? "\(otherScripts) translations in other scripts" : "\(pairs.count) pairs",
        hint: otherScripts > 0 ? "a tag can name the script, as srp_Latn" : nil, at: paths.first)
    }
  }

  /// The translations of a word or phrase that is folded already; none where it has no entry.
  subscript(folded: String) -> [String] { entries[folded] ?? [] }

  /// The most words of an entry that begins with a folded word; 0 where none does.
  func longest(from word: String) -> Int { lengths[word] ?? 0 }

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

  private static func isWritten(_ text: String, in scripts: [Script]) -> Bool {
    guard let script = text.dominantScript else { return true }
    return scripts.contains(script)
  }
}
