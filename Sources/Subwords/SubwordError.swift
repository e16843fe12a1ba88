// SPDX-License-Identifier: Apache-2.0

/// An error about a tokenizer file, its settings or a request that it cannot fulfil.
///
/// The message says what was expected, what was found and what to do; `location` says where
/// (a file, and inside it a JSON path such as `normalizer.normalizers[1]` or a byte offset).
public struct SubwordError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of thing went wrong; more kinds may come with later versions.
  public struct Code: Sendable, Equatable, Hashable, RawRepresentable {
    /// The stable name of the kind, as used in machine-readable output.
    public let rawValue: String

    /// Makes a code from its stable name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A file or directory is missing or cannot be read or written.
    public static let file = Code(rawValue: "file")
    /// The bytes are not in the format that was expected.
    public static let malformed = Code(rawValue: "malformed")
    /// The file is well formed but asks for something that is not supported.
    public static let unsupported = Code(rawValue: "unsupported")
    /// An argument or setting is out of its range.
    public static let invalidArgument = Code(rawValue: "invalid-argument")
  }

  /// The kind of the error.
  public var code: Code
  /// One sentence: expected, found, and what to do.
  public var message: String
  /// Where: a path, and inside it a JSON path or byte offset; empty if there is no such place.
  public var location: String

  /// Makes an error.
  public init(_ code: Code, _ message: String, at location: String = "") {
    self.code = code
    self.message = message
    self.location = location
  }

  /// The location and the message in one line.
  public var description: String { location.isEmpty ? message : "\(location): \(message)" }

  /// The same error, its location put below `place`.
  func inside(_ place: String) -> SubwordError {
    var copy = self
    copy.location = location.isEmpty ? place : "\(place): \(location)"
    return copy
  }
}
