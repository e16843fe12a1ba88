// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a file of text, or with fetching one.
public struct CorpusError: Error, Sendable, Equatable, CustomStringConvertible {
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
    /// A column that the header does not have.
    public static let column = Code(rawValue: "column")
    /// A program that Koine runs is missing or failed.
    public static let program = Code(rawValue: "program")
    /// What was fetched is not what was expected.
    public static let download = Code(rawValue: "download")
  }

  /// The kind of failure.
  public var code: Code
  /// One sentence: what was expected, what was found, what to do.
  public var message: String
  /// The file, and the line where there is one: "train.tsv:12".
  public var location: String?

  /// An error of a kind, with its sentence and place.
  public init(_ code: Code, _ message: String, at location: String? = nil) {
    self.code = code
    self.message = message
    self.location = location
  }

  /// The place and the sentence.
  public var description: String {
    location.map { "\($0): \(message)" } ?? message
  }
}
