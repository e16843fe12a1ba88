// SPDX-License-Identifier: Apache-2.0

/// What the texts of an embedding request are for.
enum EmbeddingPrefix: String, CaseIterable, Sendable {
  case query
  case passage
  case none

  /// What goes before a text.
  func text(of info: ServedModelInfo) -> String {
    switch self {
    case .query: info.prefixes.query
    case .passage: info.prefixes.passage
    case .none: ""
    }
  }
}

/// `POST /embed`: sentence vectors of texts, in text-embeddings-inference's form.
struct EmbedRequest: Sendable {
  private let inputs: TextInputs
  private let truncation: Truncation?
  private let prefix: EmbeddingPrefix
  private let isNormalized: Bool

  /// Reads a request.
  ///
  /// - Throws: ``ServingError`` that names the field.
  init(_ body: JSONValue, configuration: ServerConfiguration) throws(ServingError) {
    let fields = try RequestFields(
      body, known: ["inputs", "truncate", "truncation_direction", "normalize", "prefix"])
    inputs = try .texts(
      fields.required("inputs", "a string or an array of strings"), field: "inputs",
      limit: configuration.maximumClientBatch)
    truncation = try fields.truncation()
    prefix = try fields.choice("prefix", EmbeddingPrefix.self) ?? .query
    isNormalized = try fields.bool("normalize", default: true)
  }

  /// The answer: one array of numbers for each text, in a list even where there is one text.
  func answer(_ engine: ServingEngine) async throws -> JSONWriter {
    let rows = try await inputs.rows(
      engine, prefix: prefix.text(of: engine.info), truncation: truncation, field: "inputs")
    let vectors = try await engine.embed(rows)
    var json = JSONWriter(capacity: vectors.count * (engine.info.dimensions * 13 + 2) + 2)
    json.array { writer in
      for vector in vectors {
        writer.value(isNormalized ? UnitVector.of(vector) : vector)
      }
    }
    return json
  }
}
