// SPDX-License-Identifier: Apache-2.0

/// Says word by word what a text is in another language, as the lines between lines of old grammars do.
///
/// Words and phrases that the dictionary knows become their first translation, in the order of the text; the rest stays as it is. Beside the text
/// itself this helps an encoder that knows the language badly: see Documentation/Glosses.md.
public struct Glosser: Sendable {
  private let dictionary: PhraseDictionary

  /// A glosser by files of words in the language of the glosses and their translations, as ``ParallelReader`` reads them: the same that put text into
  /// other languages' words, the other way round.
  ///
  /// - Parameters:
  ///   - paths: the files.
  ///   - language: the language of the glosses, that of the pairs' sources.
  /// - Throws: `CorpusError` where a file cannot be read, or nothing in them is of use.
  public init(dictionary paths: [String], into language: LanguageTag) throws {
    self.init(try PhraseDictionary(contentsOf: paths, into: language, isReversed: true))
  }

  /// A glosser by a dictionary of the texts' words.
  public init(_ dictionary: PhraseDictionary) {
    self.dictionary = dictionary
  }

  /// The text's words in the other language, and how many of them were known.
  ///
  /// - Parameter drawing: how many of the known words are glossed, and by which of their translations; all of them and by the first where it is nil.
  public func callAsFunction(
    _ text: String, drawing: CodeSwitcher.Settings? = nil
  ) -> CodeSwitcher.Switched {
    var usual = CodeSwitcher.Settings()
    usual.choices = 1
    return CodeSwitcher(dictionary, drawing ?? usual)(text)
  }
}
