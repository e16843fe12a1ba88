// SPDX-License-Identifier: Apache-2.0

/// Why a report could not be made, said so that its reader can repair it.
public struct ReportsError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kind of mistake; open, so that new kinds are not a breaking change.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// The stable spelling of the kind, for logs and tests.
    public let rawValue: String

    /// Makes a code from its stable spelling.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The evidence contradicts itself, such as two scores for one language and method.
    public static let inconsistent = Code(rawValue: "inconsistent")
    /// A template of the report does not parse.
    public static let template = Code(rawValue: "template")
    /// The report cannot be written.
    public static let unwritable = Code(rawValue: "unwritable")
  }

  /// The kind of mistake.
  public let code: Code
  /// What was expected, what was found and what to do, in one sentence.
  public let message: String
  /// Where: a file or a part of the evidence, or nil where the call is the place.
  public let location: String?

  /// Makes an error from its parts.
  public init(_ code: Code, _ message: String, at location: String? = nil) {
    self.code = code
    self.message = message
    self.location = location
  }

  /// The location, where known, and the message.
  public var description: String { location.map { "\($0): \(message)" } ?? message }
}
