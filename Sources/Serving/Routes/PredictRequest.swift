// SPDX-License-Identifier: Apache-2.0

/// `POST /predict`: labels for texts, in text-embeddings-inference's form.
struct PredictRequest: Sendable {
  private let inputs: TextInputs
  private let languages: [String?]
  private let truncation: Truncation?
  private let topK: Int

  /// Reads a request.
  ///
  /// - Throws: ``ServingError`` that names the field.
  init(
    _ body: JSONValue, info: ServedModelInfo, configuration: ServerConfiguration
  ) throws(ServingError) {
    guard !info.labels.isEmpty else {
      throw ServingError(
        .validation,
        "the model \"\(info.name)\" has no labels to predict; it answers "
          + "\(Endpoint.embed.rawValue) and \(Endpoint.embeddings.rawValue)")
    }
    let fields = try RequestFields(
      body,
      known: ["inputs", "truncate", "truncation_direction", "language", "top_k", "raw_scores"])
    inputs = try .texts(
      fields.required("inputs", "a string or an array of strings"), field: "inputs",
      limit: configuration.maximumClientBatch)
    truncation = try fields.truncation()
    topK = try fields.count("top_k") ?? info.labels.count
    languages = try Self.languages(fields["language"], count: inputs.count)
    guard try !fields.bool("raw_scores", default: false) else {
      throw ServingError(
        .validation, "expected false, found true; scores are probabilities", at: "\"raw_scores\"")
    }
  }

  /// The answer: `[{"label", "score"}, ...]`, best first, for one text; a list of these for several.
  func answer(_ engine: ServingEngine) async throws -> JSONWriter {
    let rows = try await inputs.rows(
      engine, prefix: engine.info.prefixes.classification, languages: languages,
      truncation: truncation, field: "inputs")
    let scores = try await engine.classify(rows, languages: languages)
    var json = JSONWriter(capacity: scores.count * (engine.info.labels.count * 32 + 2) + 2)
    switch inputs {
    case .single:
      for row in scores { write(row, engine.info.labels, to: &json) }
    case .batch, .tokens:
      json.array { writer in
        for row in scores { write(row, engine.info.labels, to: &writer) }
      }
    }
    return json
  }

  private func write(_ scores: [Float], _ labels: [String], to json: inout JSONWriter) {
    // Equal scores keep the labels' order, so that the answer is always the same.
    let best = scores.indices.sorted {
      scores[$0] == scores[$1] ? $0 < $1 : scores[$0] > scores[$1]
    }
    json.array { writer in
      for index in best.prefix(topK) {
        writer.object {
          $0.member("label", labels[index])
          $0.key("score")
          $0.value(scores[index])
        }
      }
    }
  }

  /// One language for all texts, or one (or null) for each.
  private static func languages(
    _ value: JSONValue?, count: Int
  ) throws(ServingError) -> [String?] {
    switch value {
    case nil:
      return Array(repeating: nil, count: count)
    case .string(let code):
      return Array(repeating: try check(code, "\"language\""), count: count)
    case .array(let elements):
      guard elements.count == count else {
        throw ServingError(
          .validation, "expected one language for each of \(count) inputs, found \(elements.count)",
          at: "\"language\"")
      }
      var codes: [String?] = []
      for (index, element) in elements.enumerated() {
        switch element {
        case .null: codes.append(nil)
        case .string(let code): codes.append(try check(code, "\"language\"[\(index)]"))
        default:
          throw ServingError(
            .validation, "expected a language code or null, found \(element.kind)",
            at: "\"language\"[\(index)]")
        }
      }
      return codes
    case .some(let other):
      throw RequestFields.wrong("language", "a language code or an array of them", other)
    }
  }

  private static func check(_ code: String, _ place: String) throws(ServingError) -> String {
    let isCode =
      (1...35).contains(code.utf8.count)
      && code.utf8.allSatisfy { byte in
        byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      }
    guard isCode else {
      throw ServingError(
        .validation, "expected a language code such as \"de\" or \"swh_Latn\", found \"\(code)\"",
        at: place)
    }
    return code
  }
}

extension RequestFields {
  /// What to do with texts that are too long: `nil` to refuse them.
  ///
  /// `truncate` is false by default, because a text cut without being asked for is a wrong answer.
  func truncation() throws(ServingError) -> Truncation? {
    let direction = try choice("truncation_direction", Truncation.self) ?? .right
    return try bool("truncate", default: false) ? direction : nil
  }
}
