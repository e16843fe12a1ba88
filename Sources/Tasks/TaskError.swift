// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a task's examples or with what a model made of them.
public struct TaskError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A kind of failure; open, so that new ones can be added without breaking a `switch`.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code's name.
    public var rawValue: String

    /// A code by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Examples that a task cannot be learned from.
    public static let examples = Code(rawValue: "examples")
    /// A label of the wrong language was about to be used for training.
    public static let leak = Code(rawValue: "leak")
    /// Training that went wrong.
    public static let training = Code(rawValue: "training")
    /// A label that the head does not know.
    public static let label = Code(rawValue: "label")
  }

  /// The kind of failure.
  public var code: Code
  /// One sentence: what was expected, what was found, what to do.
  public var message: String
  /// The file or language that it is about.
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
