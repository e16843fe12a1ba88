// SPDX-License-Identifier: Apache-2.0

/// What went wrong in the engine or in a file of tensors.
public struct TorchError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A kind of failure; open, so that new ones can be added without breaking a `switch`.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code's name.
    public var rawValue: String

    /// A code by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// libtorch refused a call: shapes or types that do not fit, or memory that ran out.
    public static let operation = Code(rawValue: "operation")
    /// The engine is missing or of another version.
    public static let engine = Code(rawValue: "engine")
    /// A file could not be read or written.
    public static let file = Code(rawValue: "file")
    /// A file was read, but is not what its name says.
    public static let format = Code(rawValue: "format")
  }

  /// The kind of failure.
  public var code: Code
  /// One sentence: what was expected, what was found, what to do.
  public var message: String
  /// Where it happened: a path, or the name of an operator.
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
