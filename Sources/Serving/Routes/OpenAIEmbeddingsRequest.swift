// SPDX-License-Identifier: Apache-2.0

/// `POST /v1/embeddings`: sentence vectors in OpenAI's form.
///
/// `model` may be any string, as with other servers of one model; the answer names the model that
/// gave it. `truncate` and `prefix` are this server's own additions.
struct OpenAIEmbeddingsRequest: Sendable {
  private enum Encoding: String, CaseIterable {
    case float
    case base64
  }

  private let inputs: TextInputs
  private let truncation: Truncation?
  private let prefix: EmbeddingPrefix
  private let encoding: Encoding

  /// Reads a request.
  ///
  /// - Throws: ``ServingError`` that names the field.
  init(
    _ body: JSONValue, info: ServedModelInfo, configuration: ServerConfiguration
  ) throws(ServingError) {
    let fields = try RequestFields(
      body,
      known: [
        "input", "model", "encoding_format", "dimensions", "truncate", "truncation_direction",
        "prefix",
      ],
      ignored: ["user"])
    inputs = try .textsOrTokens(
      fields.required("input", "a string, an array of strings, or token ids"), field: "input",
      limit: configuration.maximumClientBatch, vocabularySize: info.vocabularySize)
    _ = try fields.string("model")
    encoding = try fields.choice("encoding_format", Encoding.self) ?? .float
    truncation = try fields.truncation()
    prefix = try fields.choice("prefix", EmbeddingPrefix.self) ?? .query
    if let dimensions = try fields.count("dimensions"), dimensions != info.dimensions {
      throw ServingError(
        .validation,
        "expected \(info.dimensions), which is what this model gives, found "
          + "\(dimensions); leave the field out", at: "\"dimensions\"")
    }
  }

  /// The answer: an OpenAI list of embeddings with the tokens that it took.
  func answer(_ engine: ServingEngine) async throws -> JSONWriter {
    let rows = try await inputs.rows(
      engine, prefix: prefix.text(of: engine.info), truncation: truncation, field: "input")
    let vectors = try await engine.embed(rows)
    let tokenCount = rows.reduce(0) { $0 + $1.count }
    var json = JSONWriter(capacity: vectors.count * (engine.info.dimensions * 13 + 64) + 256)
    json.object { list in
      list.member("object", "list")
      list.key("data")
      list.array { data in
        for (index, vector) in vectors.enumerated() {
          data.object { write(UnitVector.of(vector), index, to: &$0) }
        }
      }
      list.member("model", engine.info.name)
      list.key("usage")
      list.object {
        $0.member("prompt_tokens", tokenCount)
        $0.member("total_tokens", tokenCount)
      }
    }
    return json
  }

  private func write(_ vector: [Float], _ index: Int, to json: inout JSONWriter) {
    json.member("object", "embedding")
    json.member("index", index)
    json.key("embedding")
    switch encoding {
    case .float: json.value(vector)
    case .base64: json.value(Base64.encode(vector))
    }
  }
}
