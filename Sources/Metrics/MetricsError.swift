// SPDX-License-Identifier: Apache-2.0

/// What went wrong in a measurement, said so that its reader can repair it.
public struct MetricsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of mistake; open, so that new kinds are not a breaking change.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// The stable spelling of the kind, for logs and tests.
    public let rawValue: String

    /// Makes a code from its stable spelling.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Two inputs that belong together have different lengths.
    public static let lengthMismatch = Code(rawValue: "length-mismatch")
    /// A measurement needs more items than it was given.
    public static let tooFewItems = Code(rawValue: "too-few-items")
    /// A class index lies outside the classes.
    public static let classOutOfRange = Code(rawValue: "class-out-of-range")
    /// A number lies outside the range in which the measurement is defined.
    public static let valueOutOfRange = Code(rawValue: "value-out-of-range")
    /// The source language has no score.
    public static let sourceMissing = Code(rawValue: "source-missing")
    /// The same result was given twice.
    public static let duplicateResult = Code(rawValue: "duplicate-result")
    /// A tag that the scheme does not have.
    public static let unknownTag = Code(rawValue: "unknown-tag")
    /// A language, tokenizer or method that there is no rule for.
    public static let unsupported = Code(rawValue: "unsupported")
    /// A results file cannot be read.
    public static let unreadable = Code(rawValue: "unreadable")
    /// A results file cannot be written.
    public static let unwritable = Code(rawValue: "unwritable")
  }

  /// The kind of mistake.
  public let code: Code
  /// What was expected, what was found and what to do, in one sentence.
  public let message: String
  /// Where: an item (`item 12`), a file, or nil where there is no better place than the call.
  public let location: String?

  /// Makes an error from its parts.
  public init(_ code: Code, _ message: String, at location: String? = nil) {
    self.code = code
    self.message = message
    self.location = location
  }

  /// The location, where known, and the message.
  public var description: String {
    location.map { "\($0): \(message)" } ?? message
  }
}

extension MetricsError {
  /// Refuses two collections that should run side by side and do not.
  static func requireSameCount(
    _ first: Int, _ firstName: String, _ second: Int, _ secondName: String
  ) throws(MetricsError) {
    guard first != second else { return }
    throw MetricsError(
      .lengthMismatch,
      "expected as many \(secondName) as \(firstName), found \(second) and \(first); "
        + "pass one \(secondName) entry for each \(firstName) entry")
  }

  /// Refuses fewer items than a measurement is defined on.
  static func requireCount(
    _ count: Int, atLeast minimum: Int, of name: String
  ) throws(MetricsError) {
    guard count < minimum else { return }
    throw MetricsError(
      .tooFewItems,
      "expected at least \(minimum) \(name), found \(count); evaluate on a split that holds more")
  }
}
