// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A value of a JSON document whose fields are not all known.
enum JSONValue: Codable, Sendable, Equatable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Swift.Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  func encode(to encoder: any Swift.Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .number(let value):
      if let whole = Int(exactly: value) {
        try container.encode(whole)
      } else {
        try container.encode(value)
      }
    case .string(let value): try container.encode(value)
    case .array(let values): try container.encode(values)
    case .object(let fields): try container.encode(fields)
    }
  }
}

/// A JSON object's fields by name; one of another type than asked for is an error that names it, one that is missing or
/// null is nil.
struct JSONFields {
  /// The file, for errors.
  let path: String
  private(set) var fields: [String: JSONValue]

  init(contentsOf url: URL) throws {
    path = url.path
    guard let data = try? Data(contentsOf: url) else {
      throw TransformerError(
        .configuration, "cannot be read; expected adapter_config.json", at: path)
    }
    guard case .object(let fields)? = try? JSONDecoder().decode(JSONValue.self, from: data) else {
      throw TransformerError(.configuration, "not a JSON object", at: path)
    }
    self.fields = fields
  }

  private init(path: String, fields: [String: JSONValue]) {
    (self.path, self.fields) = (path, fields)
  }

  private func mistyped(_ name: String, _ type: String) -> TransformerError {
    TransformerError(.configuration, "the field '\(name)' is not \(type)", at: path)
  }

  private subscript(name: String) -> JSONValue? {
    fields[name].flatMap { $0 == .null ? nil : $0 }
  }

  func bool(_ name: String) throws -> Bool? {
    guard let value = self[name] else { return nil }
    guard case .bool(let bool) = value else { throw mistyped(name, "true or false") }
    return bool
  }

  func number(_ name: String) throws -> Double? {
    guard let value = self[name] else { return nil }
    guard case .number(let number) = value else { throw mistyped(name, "a number") }
    return number
  }

  func string(_ name: String) throws -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let string) = value else { throw mistyped(name, "a text") }
    return string
  }

  /// A list of texts, or one text as a list.
  func strings(_ name: String) throws -> [String]? {
    guard let value = self[name] else { return nil }
    if case .string(let string) = value { return [string] }
    guard case .array(let values) = value else { throw mistyped(name, "a list of texts") }
    return try values.map {
      guard case .string(let string) = $0 else { throw mistyped(name, "a list of texts") }
      return string
    }
  }

  func integers(_ name: String) throws -> [Int]? {
    guard let value = self[name] else { return nil }
    if case .number(let number) = value, let integer = Int(exactly: number) { return [integer] }
    guard case .array(let values) = value else { throw mistyped(name, "a list of numbers") }
    return try values.map {
      guard case .number(let number) = $0, let integer = Int(exactly: number) else {
        throw mistyped(name, "a list of whole numbers")
      }
      return integer
    }
  }

  /// Numbers by name, as of `rank_pattern`.
  func numbers(_ name: String) throws -> [String: Double]? {
    guard let value = self[name] else { return nil }
    guard case .object(let object) = value else { throw mistyped(name, "an object") }
    return try object.mapValues {
      guard case .number(let number) = $0 else { throw mistyped(name, "an object of numbers") }
      return number
    }
  }

  func object(_ name: String) throws -> JSONFields? {
    guard let value = self[name] else { return nil }
    guard case .object(let object) = value else { throw mistyped(name, "an object") }
    return JSONFields(path: path, fields: object)
  }

  /// Whether a text, as `target_modules` may be, and not a list.
  func isString(_ name: String) -> Bool {
    if case .string? = fields[name] { true } else { false }
  }
}
