// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a file of word vectors, with training some, or with what is asked of them.
public struct WordVectorError: Error, Sendable, Equatable, CustomStringConvertible {
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
    /// The file is sound, but its model cannot do what is asked.
    public static let unsupported = Code(rawValue: "unsupported")
    /// A setting is out of its range.
    public static let argument = Code(rawValue: "argument")
    /// The text to learn from does not suffice.
    public static let data = Code(rawValue: "data")
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
  /// The file, where it is about one.
  public var file: String?

  /// An error of a kind, with what is known of it.
  public init(
    _ code: Code, _ message: String, expected: String? = nil, found: String? = nil,
    hint: String? = nil, at file: String? = nil
  ) {
    self.code = code
    self.message = message
    self.expected = expected
    self.found = found
    self.hint = hint
    self.file = file
  }

  /// The whole sentence: "lid.ftz: the file ends too early: expected 12 bytes more, found 3; …".
  public var description: String {
    let difference = [expected.map { "expected \($0)" }, found.map { "found \($0)" }]
      .compactMap(\.self).joined(separator: ", ")
    var text = file.map { "\($0): \(message)" } ?? message
    if !difference.isEmpty { text += ": \(difference)" }
    if let hint { text += "; \(hint)" }
    return text
  }
}
