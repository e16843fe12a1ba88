// SPDX-License-Identifier: Apache-2.0

/// What is wrong with word alignments, their models or their files.
public struct AlignmentError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A kind of failure; open, so that new ones can be added without breaking a `switch`.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code's name.
    public var rawValue: String

    /// A code by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Text that is not what it should be.
    public static let format = Code(rawValue: "format")
    /// A file cannot be read or written.
    public static let file = Code(rawValue: "file")
    /// Sentences and alignments that do not belong together.
    public static let data = Code(rawValue: "data")
  }

  /// The kind of failure.
  public var code: Code
  /// One sentence: what was expected, what was found, what to do.
  public var message: String
  /// The file and line, where there is one.
  public var location: String?

  /// An error of a kind, with its sentence and place.
  public init(_ code: Code, _ message: String, at location: String? = nil) {
    self.code = code
    self.message = message
    self.location = location
  }

  /// The place and the sentence.
  public var description: String { location.map { "\($0): \(message)" } ?? message }
}
