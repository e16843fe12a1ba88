// SPDX-License-Identifier: Apache-2.0

/// Why a request, or the server itself, could not go on.
public struct ServingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A kind of failure; open, so that new ones can be added without breaking a `switch`.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code's name, as `te_request_failure` counts it.
    public var rawValue: String

    /// A code by its name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The body is not JSON, or ended early: 400.
    public static let malformed = Code(rawValue: "malformed")
    /// The key is missing or wrong: 401.
    public static let unauthorized = Code(rawValue: "unauthorized")
    /// No such path: 404.
    public static let notFound = Code(rawValue: "not_found")
    /// The path exists, but not for this method: 405.
    public static let methodNotAllowed = Code(rawValue: "method_not_allowed")
    /// The body did not arrive in time: 408.
    public static let timeout = Code(rawValue: "timeout")
    /// The body or the batch is larger than the server takes: 413.
    public static let tooLarge = Code(rawValue: "too_large")
    /// The body is not declared as JSON: 415.
    public static let mediaType = Code(rawValue: "media_type")
    /// The JSON is well formed, but asks for what cannot be: 422.
    public static let validation = Code(rawValue: "validation")
    /// There is no text to work on: 422.
    public static let empty = Code(rawValue: "empty")
    /// The text cannot become tokens: 422.
    public static let tokenizer = Code(rawValue: "tokenizer")
    /// The model failed: 424.
    public static let backend = Code(rawValue: "backend")
    /// More is waiting than the server keeps: 429.
    public static let overloaded = Code(rawValue: "overloaded")
    /// The caller hung up before the answer: 499, as nginx counts it.
    public static let cancelled = Code(rawValue: "cancelled")
    /// The server is starting or draining: 503.
    public static let unhealthy = Code(rawValue: "unhealthy")
    /// Anything else: 500, without detail.
    public static let `internal` = Code(rawValue: "internal")
    /// The server cannot be set up as its configuration says; never sent to a caller.
    public static let configuration = Code(rawValue: "configuration")
  }

  /// The kind of failure.
  public var code: Code
  /// One sentence: what was expected, what was found, what to do.
  public var message: String
  /// Where it happened: a field of the request, a line of its JSON, or a setting.
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
