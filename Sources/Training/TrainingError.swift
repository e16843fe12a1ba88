// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a plan of training, its checkpoints or its course.
public struct TrainingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A kind of failure; open, so that new ones can be added without breaking a `switch`.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code's name.
    public var rawValue: String

    /// A code by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A setting that cannot be.
    public static let plan = Code(rawValue: "plan")
    /// A checkpoint that does not belong to this training, or is damaged.
    public static let checkpoint = Code(rawValue: "checkpoint")
    /// A loss that is no number.
    public static let divergence = Code(rawValue: "divergence")
    /// A space whose vectors became alike.
    public static let collapse = Code(rawValue: "collapse")
  }

  /// The kind of failure.
  public var code: Code
  /// One sentence: what was expected, what was found, what to do.
  public var message: String
  /// The file that it is about.
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
