// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a model, its directory, or what it is asked to do.
public struct TransformerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A kind of failure; open, so that new ones can be added without breaking a `switch`.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code's name.
    public var rawValue: String

    /// A code by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// `config.json` is missing, malformed, or asks for something that Koine does not have.
    public static let configuration = Code(rawValue: "configuration")
    /// A tensor is missing, misshapen, or of the wrong type.
    public static let checkpoint = Code(rawValue: "checkpoint")
    /// The input does not fit the model.
    public static let input = Code(rawValue: "input")
    /// The engine refused an operation.
    public static let engine = Code(rawValue: "engine")
    /// A file could not be read or written.
    public static let file = Code(rawValue: "file")
  }

  /// The kind of failure.
  public var code: Code
  /// One sentence: what was expected, what was found, what to do.
  public var message: String
  /// The file or part of the model that it is about.
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
