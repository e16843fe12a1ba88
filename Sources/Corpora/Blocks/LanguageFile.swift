// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file of text and the language it is in, where it is all in one.
public struct LanguageFile: Sendable, Equatable {
  /// The path; `-` is standard input.
  public let path: String
  /// The language as the user names it; nil where each example says its own.
  public let language: String?

  /// A file and its language.
  public init(_ path: String, language: String?) {
    self.path = path
    self.language = language
  }

  /// The files that an argument of a command stands for.
  ///
  /// `data/{lang}/dev.tsv` stands for the files of all languages that are there, in the order of their codes;
  /// `news.txt=deu_Latn` for a file and its language; anything else for a file whose examples name theirs.
  ///
  /// - Throws: `CorpusError.Code.file` where no file fits.
  public static func files(for argument: String) throws(CorpusError) -> [LanguageFile] {
    let pieces = argument.components(separatedBy: "{lang}")
    if pieces.count > 1, let tail = pieces.last {
      guard !argument.contains("{split}") else {
        throw CorpusError(
          .file, "the pattern has an unknown placeholder",
          expected: "a path with {lang} in it, as data/{lang}/dev.tsv", found: "{split}",
          at: argument)
      }
      // What follows the last {lang} takes the place of the split, so that any such path is a pattern.
      let head = pieces.dropLast().joined(separator: "{lang}")
      let pattern = try CorpusPattern("\(head){lang}{split}")
      let languages = try pattern.languages(split: tail)
      guard !languages.isEmpty else {
        throw CorpusError(
          .file, "no file fits the pattern", hint: "{lang} stands for a language's code",
          at: argument)
      }
      return languages.map { language in
        LanguageFile(
          argument.replacingOccurrences(of: "{lang}", with: language), language: language)
      }
    }
    guard !FileManager.default.fileExists(atPath: argument), argument != "-" else {
      return [LanguageFile(argument, language: nil)]
    }
    if let place = argument.lastIndex(of: "="), place != argument.startIndex {
      let language = String(argument[argument.index(after: place)...])
      guard !language.isEmpty else {
        throw CorpusError(
          .language, "the language is missing", expected: "FILE=LANGUAGE, as news.txt=deu_Latn",
          at: argument)
      }
      return [LanguageFile(String(argument[..<place]), language: language)]
    }
    return [LanguageFile(argument, language: nil)]
  }

  /// Opens the file; one whose language is given and whose name tells no format has one text a line.
  ///
  /// - Throws: `CorpusError` where there is no such file, or its name does not tell the format.
  public func open(_ reader: ExampleReader) throws(CorpusError) -> ExampleStream {
    var reader = reader
    if reader.format == nil, language != nil, (try? ExampleFormat(path: path)) == nil {
      reader.format = .lines
    }
    return try reader.open(path)
  }
}
