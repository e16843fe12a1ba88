// SPDX-License-Identifier: Apache-2.0

/// A JSON document in memory.
///
/// Foundation's decoder takes seconds for a vocabulary of 250,000 pieces, and its strings may come
/// back normalised; this representation keeps every scalar, member order and NUL.
public enum JSONValue: Sendable, Equatable {
  /// The literal `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// Any number, as a double.
  case number(Double)
  /// A string; compare it by scalars, since `==` on `String` is canonical equivalence.
  case string(String)
  /// An array.
  case array([JSONValue])
  /// An object; members in the order of the file.
  case object([Member])

  /// One name and value of an object.
  public struct Member: Sendable, Equatable {
    /// The member's name.
    public var name: String
    /// The member's value.
    public var value: JSONValue

    /// Makes a member.
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The kind's name, as used in error messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  /// The last member of this name; nil if there is none, or it is null, or this is no object.
  subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    guard let value = members.last(where: { $0.name == name })?.value, value != .null else {
      return nil
    }
    return value
  }
}

/// A value inside a document together with its path, so that an error can name the place.
struct JSONCursor {
  let value: JSONValue
  let path: String

  init(_ value: JSONValue, path: String = "") {
    self.value = value
    self.path = path
  }

  func mismatch(_ expected: String) -> SubwordError {
    SubwordError(.malformed, "expected \(expected), found \(value.kind)", at: path)
  }

  /// The member called `name`; nil where it is absent or null.
  func optional(_ name: String) throws(SubwordError) -> JSONCursor? {
    guard case .object = value else { throw mismatch("an object") }
    return value[name].map { JSONCursor($0, path: path.isEmpty ? name : "\(path).\(name)") }
  }

  /// The member called `name`; an error where it is absent or null.
  func required(_ name: String) throws(SubwordError) -> JSONCursor {
    guard let member = try optional(name) else {
      throw SubwordError(.malformed, "expected a member “\(name)”, found none", at: path)
    }
    return member
  }

  func string() throws(SubwordError) -> String {
    guard case .string(let string) = value else { throw mismatch("a string") }
    return string
  }

  func bool() throws(SubwordError) -> Bool {
    guard case .bool(let bool) = value else { throw mismatch("true or false") }
    return bool
  }

  func number() throws(SubwordError) -> Double {
    guard case .number(let number) = value else { throw mismatch("a number") }
    return number
  }

  /// An integer from 0 to 2³¹ - 2, the range of an id or a length.
  func natural() throws(SubwordError) -> Int {
    let number = try number()
    guard let integer = Int(exactly: number), 0..<Int(Int32.max) ~= integer else {
      throw SubwordError(
        .malformed, "expected a whole number from 0 to 2147483646, found \(number)", at: path)
    }
    return integer
  }

  func elements() throws(SubwordError) -> [JSONCursor] {
    guard case .array(let elements) = value else { throw mismatch("an array") }
    return elements.enumerated().map { JSONCursor($1, path: "\(path)[\($0)]") }
  }

  func bool(_ name: String, default fallback: Bool) throws(SubwordError) -> Bool {
    guard let member = try optional(name) else { return fallback }
    return try member.bool()
  }

  /// The member `type` by which the parts of a tokenizer.json say what they are.
  func type() throws(SubwordError) -> String {
    try required("type").string()
  }

  func unsupported(_ what: String, _ name: String, supported: [String]) -> SubwordError {
    SubwordError(
      .unsupported,
      "expected a \(what) of a supported kind (\(supported.joined(separator: ", "))), "
        + "found “\(name)”",
      at: path)
  }
}
