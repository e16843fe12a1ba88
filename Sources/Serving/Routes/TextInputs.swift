// SPDX-License-Identifier: Apache-2.0

/// What a request wants worked on: one text or several, or ids that were made elsewhere.
enum TextInputs: Sendable, Equatable {
  /// One text, answered by one result.
  case single(String)
  /// Several texts, answered by a list.
  case batch([String])
  /// Rows of token ids, special tokens included, taken as they are.
  case tokens([[Int32]])

  /// The inputs of a field that holds text.
  ///
  /// A string, an array of strings, or the array of one-element arrays that
  /// text-embeddings-inference takes for a batch of `/predict`.
  ///
  /// - Throws: ``ServingError`` of code `validation`, `empty` or `tooLarge`.
  static func texts(
    _ value: JSONValue, field: String, limit: Int
  ) throws(ServingError) -> TextInputs {
    let expected = "a string or an array of strings"
    if case .string(let text) = value { return .single(text) }
    let elements = try elements(value, expected, field: field, limit: limit)
    var texts: [String] = []
    texts.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      switch element {
      case .string(let text): texts.append(text)
      case .array(let inner):
        guard inner.count == 1, case .string(let text) = inner[0] else {
          throw ServingError(
            .validation,
            "expected a string, found an array of \(inner.count); pairs of texts are "
              + "not for this model", at: "\"\(field)\"[\(index)]")
        }
        texts.append(text)
      default: throw wrong("a string", element, field, index)
      }
    }
    return .batch(texts)
  }

  /// The inputs of OpenAI's `input`: text as above, an array of ids, or an array of such arrays.
  static func textsOrTokens(
    _ value: JSONValue, field: String, limit: Int, vocabularySize: Int
  ) throws(ServingError) -> TextInputs {
    guard case .array(let elements) = value else {
      return try texts(value, field: field, limit: limit)
    }
    switch elements.first {
    case .integer:
      return .tokens([try ids(elements, "\"\(field)\"", vocabularySize)])
    case .array:
      let expected = "an array of arrays of token ids"
      var rows: [[Int32]] = []
      for (index, row) in try Self.elements(value, expected, field: field, limit: limit)
        .enumerated()
      {
        guard case .array(let row) = row else { throw wrong("an array of ids", row, field, index) }
        rows.append(try ids(row, "\"\(field)\"[\(index)]", vocabularySize))
      }
      return .tokens(rows)
    default:
      return try texts(value, field: field, limit: limit)
    }
  }

  /// How many results the answer has.
  var count: Int {
    switch self {
    case .single: 1
    case .batch(let texts): texts.count
    case .tokens(let rows): rows.count
    }
  }

  /// The rows of tokens, of texts with a prefix before each.
  ///
  /// - Parameter languages: the language that the caller named for each input; none by default, and then texts are taken as they are.
  func rows(
    _ engine: ServingEngine, prefix: String, languages: [String?] = [], truncation: Truncation?,
    field: String
  ) async throws -> [[Int32]] {
    let texts: [String]
    switch self {
    case .single(let text): texts = [text]
    case .batch(let batch): texts = batch
    case .tokens(let rows):
      return try rows.enumerated().map { index, row in
        try engine.fit(
          row, truncation, at: rows.count == 1 ? "\"\(field)\"" : "\"\(field)\"[\(index)]")
      }
    }
    return try await engine.tokenize(
      texts, prefix: prefix, languages: languages, truncation: truncation, field: field)
  }

  private static func elements(
    _ value: JSONValue, _ expected: String, field: String, limit: Int
  ) throws(ServingError) -> [JSONValue] {
    guard case .array(let elements) = value else {
      throw RequestFields.wrong(field, expected, value)
    }
    guard !elements.isEmpty else {
      throw ServingError(.empty, "expected \(expected), found an empty array", at: "\"\(field)\"")
    }
    guard elements.count <= limit else {
      throw ServingError(
        .tooLarge,
        "a request may carry \(limit) inputs and this one has \(elements.count); send "
          + "them in several requests", at: "\"\(field)\"")
    }
    return elements
  }

  private static func ids(
    _ elements: [JSONValue], _ place: String, _ vocabularySize: Int
  ) throws(ServingError) -> [Int32] {
    guard !elements.isEmpty else {
      throw ServingError(.empty, "expected token ids, found an empty array", at: place)
    }
    var row: [Int32] = []
    row.reserveCapacity(elements.count)
    for (index, element) in elements.enumerated() {
      guard case .integer(let id) = element, (0..<vocabularySize).contains(id),
        let id = Int32(exactly: id)
      else {
        throw ServingError(
          .validation, "expected a token id from 0 to \(vocabularySize - 1), found \(element.kind)",
          at: "\(place)[\(index)]")
      }
      row.append(id)
    }
    return row
  }

  private static func wrong(
    _ expected: String, _ found: JSONValue, _ field: String, _ index: Int
  ) -> ServingError {
    ServingError(
      .validation, "expected \(expected), found \(found.kind)", at: "\"\(field)\"[\(index)]")
  }
}
