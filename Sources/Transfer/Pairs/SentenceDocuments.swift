// SPDX-License-Identifier: Apache-2.0

import Corpora

/// A document, a sentence a line.
public struct SentenceDocument: Sendable {
  /// The file it is from.
  public var file: String
  /// The line of its first sentence, from 1.
  public var firstLine: Int
  /// The sentences; blank ones are empty.
  public var sentences: [String]

  /// A document of sentences.
  public init(file: String, firstLine: Int = 1, sentences: [String]) {
    self.file = file
    self.firstLine = firstLine
    self.sentences = sentences
  }

  /// The document that a file is.
  ///
  /// - Throws: `CorpusError` where it cannot be read.
  public init(contentsOf path: String) throws {
    let lines = try TextLines(path)
    var sentences: [String] = []
    try lines.forEach { line, _ in sentences.append(line) }
    self.init(file: lines.name, sentences: sentences)
  }

  /// The documents of a file, with blank lines between.
  ///
  /// - Throws: `CorpusError` where it cannot be read.
  public static func documents(in path: String) throws -> [SentenceDocument] {
    let lines = try TextLines(path)
    var documents: [SentenceDocument] = []
    var isOpen = false
    try lines.forEach { line, number in
      guard !line.allSatisfy(\.isWhitespace) else {
        isOpen = false
        return
      }
      if !isOpen {
        documents.append(SentenceDocument(file: lines.name, firstLine: number, sentences: []))
        isOpen = true
      }
      documents[documents.count - 1].sentences.append(line)
    }
    return documents
  }

  /// The texts of some neighbouring sentences as one.
  ///
  /// - Parameter sentences: from 0.
  public func text(_ range: Range<Int>) -> String {
    sentences[range].filter { !$0.allSatisfy(\.isWhitespace) }.joined(separator: " ")
  }
}
