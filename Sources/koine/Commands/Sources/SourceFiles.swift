// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Transfer

/// Files of sources and targets, as arguments name them.
struct SourceFiles {
  /// How files are read; labels are asked for where they are required.
  let reader: ExampleReader

  /// The files that arguments stand for.
  ///
  /// `data/sib200` is a folder with a file `<language>/train.tsv` for each language, `data/{lang}/train.tsv` a pattern,
  /// `swh_Latn=news.tsv` and `news.tsv=swh_Latn` a file and its language.
  static func files(_ arguments: [String]) throws -> [LanguageFile] {
    try arguments.flatMap { argument in
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder),
        isFolder.boolValue
      {
        return try LanguageFile.files(
          for: (argument as NSString).appendingPathComponent("{lang}/train.tsv"))
      }
      return try named(argument)
    }
  }

  /// The files of an argument that is no folder, their languages told.
  private static func named(_ argument: String) throws -> [LanguageFile] {
    let files = try LanguageFile.named(argument)
    for file in files {
      guard let language = file.language else {
        throw CorpusError(
          .language, "the language of a file is not named",
          expected: "LANGUAGE=FILE, a path with {lang} in it, or a folder of LANGUAGE/train.tsv",
          at: argument)
      }
      _ = try LanguageTag(language)
    }
    return files
  }

  /// The text of a file, with its labels where they are required.
  func text(_ file: LanguageFile) throws -> SourceText {
    let stream = try file.open(reader)
    var texts: [String] = []
    var labels: [String] = []
    while let example = try stream.next() {
      texts.append(example.text)
      if let label = example.label { labels.append(label) }
    }
    return SourceText(
      language: file.language ?? "", texts: texts, labels: reader.requiresLabel ? labels : nil)
  }
}
