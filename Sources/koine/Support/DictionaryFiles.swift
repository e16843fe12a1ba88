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
    try PhraseDictionary(contentsOf: files[language] ?? [], into: language)
  }
}
