// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a tokenizer's file.
public struct SubwordError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A kind of failure; open, so that new ones can be added without breaking a `switch`.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code's name.
    public var rawValue: String

    /// A code by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A file is absent or cannot be read.
    public static let file = Code(rawValue: "file")
    /// A file was read, but is damaged or of another format.
    public static let format = Code(rawValue: "format")
    /// A file asks for something that Koine does not have.
    public static let unsupported = Code(rawValue: "unsupported")
  }

  /// The kind of failure.
  public var code: Code
  /// One sentence: what was expected, what was found, what to do.
  public var message: String
  /// The file.
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
