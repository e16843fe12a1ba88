// SPDX-License-Identifier: Apache-2.0

import Corpora

/// Dictionaries of several languages, in files that arguments name.
struct DictionaryFiles {
  /// The languages of the translations, in the order they were named in.
  let languages: [LanguageTag]
  private let files: [LanguageTag: [String]]

  /// Reads arguments: `FILE=LANGUAGE`, or a path with `{lang}` in it.
  ///
  /// - Throws: `CorpusError` where a language is not named or no file fits a pattern.
  init(_ arguments: [String]) throws {
    var (languages, files): ([LanguageTag], [LanguageTag: [String]]) = ([], [:])
    for file in try arguments.flatMap({ try LanguageFile.files(for: $0) }) {
      guard let name = file.language else {
        throw CorpusError(
          .language, "the language of the dictionary's translations is not named",
          expected: "FILE=LANGUAGE, or a path with {lang} in it", at: file.path)
      }
      let language = try LanguageTag(name)
      if files[language] == nil { languages.append(language) }
      files[language, default: []].append(file.path)
    }
    (self.languages, self.files) = (languages, files)
  }

  /// The dictionary of a language, of all of its files.
  ///
  /// - Throws: `CorpusError` where a file cannot be read, or nothing in it is of use.
  func read(_ language: LanguageTag) throws -> PhraseDictionary {
    let paths = files[language] ?? []
    let pairs = try paths.flatMap { try ParallelReader().read($0) }
    let dictionary = PhraseDictionary(
      pairs.lazy.map { (phrase: $0.source, translation: $0.target) }, into: language)
    guard dictionary.count > 0 else {
      let others = dictionary.otherScripts
      throw CorpusError(
        .language, "the dictionary has no entry of use",
        expected: "a word and its translation in \(language.writtenScript) on a line",
        found: others > 0 ? "\(others) translations in other scripts" : "\(pairs.count) pairs",
        hint: others > 0 ? "a tag can name the script, as srp_Latn" : nil, at: paths.first)
    }
    return dictionary
  }
}
