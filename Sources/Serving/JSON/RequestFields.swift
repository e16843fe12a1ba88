// SPDX-License-Identifier: Apache-2.0

/// The members of a request's object, each read once by name and type.
struct RequestFields {
  private let members: [JSONValue.Member]

  /// The fields of a request.
  ///
  /// - Parameters:
  ///   - value: The request's body.
  ///   - known: The names that the endpoint reads.
  ///   - ignored: Names that are let through unread, because clients of the field send them.
  /// - Throws: ``ServingError`` of code `validation` where the body is no object, or has a name
  ///   that is not known: a misspelt option must not be taken for its default.
  init(
    _ value: JSONValue, known: [String], ignored: [String] = []
  ) throws(ServingError) {
    guard case .object(let members) = value else {
      throw ServingError(.validation, "expected an object, found \(value.kind)", at: "the body")
    }
    let names = known + ignored
    for member in members
    where !names.contains(where: { $0.utf8.elementsEqual(member.key.utf8) }) {
      let nearest = NearestName.of(member.key, among: known)
      let hint = nearest.map { "did you mean \"\($0)\"?" } ?? "known are \(Self.list(known))"
      throw ServingError(.validation, "there is no such field; \(hint)", at: "\"\(member.key)\"")
    }
    self.members = members
  }

  /// A field's value, or `nil` where it is missing or null.
  subscript(name: String) -> JSONValue? {
    guard let member = members.first(where: { $0.key.utf8.elementsEqual(name.utf8) }),
      member.value != .null
    else { return nil }
    return member.value
  }

  /// The value of a field that must be there.
  func required(_ name: String, _ meaning: String) throws(ServingError) -> JSONValue {
    guard let value = self[name] else {
      throw ServingError(
        .validation, "the field is missing; expected \(meaning)", at: "\"\(name)\"")
    }
    return value
  }

  /// A field that is true or false.
  func bool(_ name: String, default fallback: Bool) throws(ServingError) -> Bool {
    guard let value = self[name] else { return fallback }
    guard case .bool(let flag) = value else { throw Self.wrong(name, "true or false", value) }
    return flag
  }

  /// A field that is an integer of at least 1.
  func count(_ name: String) throws(ServingError) -> Int? {
    guard let value = self[name] else { return nil }
    guard case .integer(let number) = value, number >= 1 else {
      throw Self.wrong(name, "an integer of 1 or more", value)
    }
    return number
  }

  /// A field that is a string.
  func string(_ name: String) throws(ServingError) -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let text) = value else { throw Self.wrong(name, "a string", value) }
    return text
  }

  /// A field that is one of a few words, compared without regard to ASCII case.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _: Choice.Type
  ) throws(ServingError) -> Choice? where Choice.RawValue == String {
    guard let value = self[name] else { return nil }
    let expected = "one of \(Self.list(Choice.allCases.map(\.rawValue)))"
    guard case .string(let text) = value else { throw Self.wrong(name, expected, value) }
    guard let choice = Choice(rawValue: text.lowercased()) else {
      throw ServingError(.validation, "expected \(expected), found \"\(text)\"", at: "\"\(name)\"")
    }
    return choice
  }

  /// The error of a field that has the wrong type.
  static func wrong(_ name: String, _ expected: String, _ found: JSONValue) -> ServingError {
    ServingError(.validation, "expected \(expected), found \(found.kind)", at: "\"\(name)\"")
  }

  private static func list(_ names: [String]) -> String {
    names.map { "\"\($0)\"" }.joined(separator: ", ")
  }
}
