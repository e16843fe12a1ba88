// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation

extension LanguageFile {
  /// The files that an argument of a command stands for: `LANGUAGE=FILE`, and what ``files(for:)`` takes.
  ///
  /// - Throws: `CorpusError` where no file fits a pattern.
  static func named(_ argument: String) throws -> [LanguageFile] {
    guard let place = argument.firstIndex(of: "="),
      !FileManager.default.fileExists(atPath: argument)
    else { return try files(for: argument) }
    let (tag, path) = (
      String(argument[..<place]), String(argument[argument.index(after: place)...])
    )
    // Either side may be the language; what cannot be one, or is a file, is the path.
    let isFile = FileManager.default.fileExists(atPath: path) || (try? LanguageTag(path)) == nil
    guard (try? LanguageTag(tag)) != nil, isFile, !path.isEmpty else {
      return try files(for: argument)
    }
    return [LanguageFile(path, language: tag)]
  }
}
