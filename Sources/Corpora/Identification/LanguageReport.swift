// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How many lines of a file are in the language that they should be in.
public struct LanguageReport: Sendable {
  /// The most lines that are named.
  private static let namedLines = 10

  /// The language that lines should be in.
  public let expected: LanguageTag
  /// How many lines there are.
  public private(set) var lineCount = 0
  /// How many are in the language.
  public private(set) var matching = 0
  /// How many are in no language that is likely enough.
  public private(set) var undetermined = 0
  /// How many have parts in other languages.
  public private(set) var mixed = 0
  /// The numbers of the first lines that are in another language, from 1.
  public private(set) var mismatches: [Int] = []
  private var others: [String: Int] = [:]

  /// A report on lines that should be in a language; where its tag names no script, any will do.
  public init(expected: LanguageTag) { self.expected = expected }

  /// How many are in another language.
  public var mismatching: Int { lineCount - matching - undetermined }

  /// The other languages with their numbers of lines, the commonest first.
  public var otherLanguages: [(language: String, count: Int)] {
    others.map { (language: $0.key, count: $0.value) }
      .sorted { (-$0.count, $0.language) < (-$1.count, $1.language) }
  }

  /// Counts a line.
  public mutating func add(_ found: Identification) {
    lineCount += 1
    if !found.mixture.isEmpty { mixed += 1 }
    guard found.isDetermined, let language = found.candidates.first?.language else {
      undetermined += 1
      return
    }
    if language == expected || !namesScript && language.language == expected.language {
      matching += 1
      return
    }
    others[language.description, default: 0] += 1
    if mismatches.count < Self.namedLines { mismatches.append(lineCount) }
  }

  private var namesScript: Bool {
    expected.description.split { $0 == "_" || $0 == "-" }.contains { $0.utf8.count == 4 }
  }
}
