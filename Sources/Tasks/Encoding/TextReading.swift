// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Synchronization

/// How text of languages that an encoder knows badly is put to it: in Latin letters, where it does not know the script, and with a gloss behind it, where
/// there is a dictionary.
///
/// Text in, text out, so that whatever takes text takes it. A text whose language is not known is left as it is. Dictionaries are opened when a
/// text of their language first comes.
public final class TextReading: Sendable {
  /// Languages whose text is written in Latin letters.
  public let romanized: Set<String>
  /// For each language that is glossed the file of its dictionary: words of the source and their translations.
  public let dictionaries: [String: URL]
  private let source: LanguageTag?
  private let glossers = Mutex<[String: Glosser]>([:])

  /// Text as it is.
  public static let plain = TextReading(romanized: [])

  /// A way to read.
  ///
  /// - Parameters:
  ///   - romanized: languages whose text is written in Latin letters.
  ///   - dictionaries: for each language that is glossed the file of its dictionary; none by default.
  ///   - source: the language of the glosses.
  public init(
    romanized: Set<String>, dictionaries: [String: URL] = [:], source: LanguageTag? = nil
  ) {
    (self.romanized, self.dictionaries, self.source) = (romanized, dictionaries, source)
  }

  /// Whether every text stays as it is.
  public var isPlain: Bool { romanized.isEmpty && dictionaries.isEmpty }

  /// A text as the encoder is to see it.
  ///
  /// - Parameter drawing: for text that was switched into the language by the same dictionary, whose gloss would give all of its source away: how many
  ///   words are glossed, and by which of their translations.
  /// - Throws: `CorpusError` where the language's dictionary cannot be read.
  public func callAsFunction(
    _ text: String, language: String?, drawing: CodeSwitcher.Settings? = nil
  ) throws -> String {
    guard let language else { return text }
    var parts = [text]
    if let glosser = try glosser(of: language) {
      let gloss = glosser(text, drawing: drawing)
      if gloss.replaced > 0 { parts.append(gloss.text) }
    }
    if romanized.contains(language) { parts = parts.map { Romanizer()($0) } }
    return parts.joined(separator: " ")
  }

  /// Texts of one language as the encoder is to see them.
  public func callAsFunction(_ texts: [String], language: String?) throws -> [String] {
    isPlain ? texts : try texts.map { try self($0, language: language) }
  }

  private func glosser(of language: String) throws -> Glosser? {
    guard let file = dictionaries[language], let source else { return nil }
    if let opened = glossers.withLock({ $0[language] }) { return opened }
    let glosser = try Glosser(dictionary: [file.path], into: source)
    glossers.withLock { $0[language] = glosser }
    return glosser
  }
}
