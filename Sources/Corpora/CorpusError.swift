// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a file of text, or with fetching one.
///
/// It reads as one sentence: where, what is wrong, what was expected and found, what to do.
public struct CorpusError: Error, Sendable, Equatable {
  /// A kind of failure; open, so that new ones can be added without breaking a `switch`.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code's name.
    public var rawValue: String

    /// A code by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A file is absent, unreadable, or cannot be written.
    public static let file = Code(rawValue: "file")
    /// A file was read, but is not what it should be.
    public static let format = Code(rawValue: "format")
    /// Bytes that are not UTF-8.
    public static let encoding = Code(rawValue: "encoding")
    /// A line or record that is longer than text is.
    public static let length = Code(rawValue: "length")
    /// A column that the header does not have.
    public static let column = Code(rawValue: "column")
    /// A language tag that is none.
    public static let language = Code(rawValue: "language")
    /// A sentence template that does not follow its grammar.
    public static let template = Code(rawValue: "template")
    /// The disk is full.
    public static let space = Code(rawValue: "space")
    /// A program that Koine runs is missing or failed.
    public static let program = Code(rawValue: "program")
    /// What was fetched is not what was expected.
    public static let download = Code(rawValue: "download")
  }

  /// The kind of failure.
  public var code: Code
  /// What is wrong, in a few words.
  public var message: String
  /// What would have been right.
  public var expected: String?
  /// What was there instead.
  public var found: String?
  /// What to do about it.
  public var hint: String?
  /// The file, or what else was read.
  public var file: String?
  /// The line in the file, from 1.
  public var line: Int?

  /// An error of a kind, with what is known of it.
  public init(
    _ code: Code, _ message: String, expected: String? = nil, found: String? = nil,
    hint: String? = nil, at file: String? = nil, line: Int? = nil
  ) {
    self.code = code
    self.message = message
    self.expected = expected
    self.found = found
    self.hint = hint
    self.file = file
    self.line = line
  }

  /// The file, and the line where there is one: "train.tsv:12".
  public var location: String? {
    file.map { file in line.map { "\(file):\($0)" } ?? file }
  }
}
