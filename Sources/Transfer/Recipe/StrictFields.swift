// SPDX-License-Identifier: Apache-2.0

import Corpora

/// The fields of one section of a recipe: unknown keys are refused, values are checked against ranges.
struct StrictFields<Key: CodingKey & CaseIterable> {
  private let container: KeyedDecodingContainer<Key>

  /// Opens a section; a key that is not in `Key` is an error that names the nearest one that is.
  init(_ decoder: any Decoder, _ keys: Key.Type) throws {
    container = try decoder.container(keyedBy: Key.self)
    let known = Key.allCases.map(\.stringValue)
    for key in try decoder.container(keyedBy: AnyKey.self).allKeys
    where !known.contains(key.stringValue) {
      let path = decoder.codingPath + [key]
      throw FieldError(
        code: .unknownKey, path: path.map(\.stringValue),
        message: Self.unknown(key.stringValue, known))
    }
  }

  /// A field that has a default.
  func value<Value: Decodable>(_ key: Key, default fallback: Value) throws -> Value {
    try decoded(key) ?? fallback
  }

  /// A field that may be left out or be `null`.
  func value<Value: Decodable>(_ key: Key) throws -> Value? { try decoded(key) }

  /// A field that must be there.
  func required<Value: Decodable>(_ key: Key, _ what: String) throws -> Value {
    guard let value: Value = try decoded(key) else {
      throw error(key, "is missing; expected \(what)")
    }
    return value
  }

  /// A number that must lie in a range.
  func value<Value: Decodable & Comparable>(
    _ key: Key, default fallback: Value, in range: ClosedRange<Value>
  ) throws -> Value {
    let value = try value(key, default: fallback)
    guard range.contains(value) else {
      throw error(
        key, "must lie between \(range.lowerBound) and \(range.upperBound), found \(value)")
    }
    return value
  }

  /// Whether the section has the key.
  func has(_ key: Key) -> Bool { container.contains(key) }

  /// An error about a field.
  func error(_ key: Key, _ message: String) -> FieldError {
    let path = container.codingPath + [key]
    return FieldError(
      code: .value, path: path.map(\.stringValue), message: "'\(key.stringValue)' \(message)")
  }

  private func decoded<Value: Decodable>(_ key: Key) throws -> Value? {
    do {
      return try container.decodeIfPresent(Value.self, forKey: key)
    } catch is DecodingError {
      throw error(key, "is not \(Self.describe(Value.self))")
    }
  }

  private static func describe(_ type: Any.Type) -> String {
    switch type {
    case is Int.Type: "a whole number"
    case is Double.Type: "a number"
    case is Bool.Type: "true or false"
    case is String.Type: "text"
    case is [String].Type: "a list of texts"
    case is Romanization.Type: "none, auto or a list of languages"
    default: "what is expected here"
    }
  }

  private static func unknown(_ key: String, _ known: [String]) -> String {
    let nearest = known.min { (editDistance(key, $0), $0) < (editDistance(key, $1), $1) }
    let list = known.joined(separator: ", ")
    guard let nearest, editDistance(key, nearest) <= max(2, key.count / 2) else {
      return "unknown key '\(key)'; known here are \(list)"
    }
    return "unknown key '\(key)'; did you mean '\(nearest)'? Known here are \(list)"
  }
}

/// An error that knows the keys that lead to it; its line is found in the document afterwards.
struct FieldError: Error {
  var code: RecipeError.Code
  var path: [String]
  var message: String
}

/// Any key at all, to see which ones a document has.
struct AnyKey: CodingKey {
  var stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
