// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a recipe or with carrying it out.
public struct RecipeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A kind of failure; open, so that new ones can be added without breaking a `switch`.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code's name.
    public var rawValue: String

    /// A code by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The text is not YAML.
    public static let syntax = Code(rawValue: "syntax")
    /// A key that recipes do not have.
    public static let unknownKey = Code(rawValue: "unknownKey")
    /// A value of the wrong kind or out of range.
    public static let value = Code(rawValue: "value")
    /// A file could not be read or written.
    public static let file = Code(rawValue: "file")
    /// The data does not have what the recipe asks for.
    public static let data = Code(rawValue: "data")
  }

  /// The kind of failure.
  public var code: Code
  /// One sentence: what was expected, what was found, what to do.
  public var message: String
  /// The recipe's place, "intents.yaml:12".
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
