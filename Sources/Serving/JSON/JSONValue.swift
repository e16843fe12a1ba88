// SPDX-License-Identifier: Apache-2.0

/// A value of JSON as a request carries it.
enum JSONValue: Sendable, Equatable {
  /// A member of an object.
  struct Member: Sendable, Equatable {
    var key: String
    var value: JSONValue
  }

  case null
  case bool(Bool)
  /// A number without fraction and exponent that fits.
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  /// The members in the order of the text; no key twice.
  case object([Member])

  /// What the value is, in the words of an error's "found ...".
  var kind: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): "the number \(value)"
    case .number(let value): "the number \(value)"
    case .string: "a string"
    case .array(let elements): elements.isEmpty ? "an empty array" : "an array"
    case .object: "an object"
    }
  }
}
