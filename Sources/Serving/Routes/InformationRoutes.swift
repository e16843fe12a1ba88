// SPDX-License-Identifier: Apache-2.0

import Hummingbird

/// The routes that tell about the server: health, the model, the counts, and a page of help.
struct InformationRoutes: Sendable {
  let configuration: ServerConfiguration
  let state: ServerState
  let metrics: ServerMetrics
  /// When the server began, in seconds since 1970.
  let startTime: Int

  /// Adds the routes to a router.
  func add(to router: Router<ServingContext>) {
    let routes = self
    router.get(RouterPath(Endpoint.health.rawValue)) { _, _ in
      try routes.state.checkHealth()
      var json = JSONWriter()
      json.object { $0.member("status", "ok") }
      return Response(json: json)
    }
    router.get(RouterPath(Endpoint.info.rawValue)) { _, _ in
      Response(json: routes.info(try routes.state.loaded()))
    }
    router.get(RouterPath(Endpoint.models.rawValue)) { _, _ in
      Response(json: routes.models(try routes.state.loaded()))
    }
    router.get(RouterPath(Endpoint.metrics.rawValue)) { _, _ in
      Response(text: routes.metrics.exposition(), mediaType: "text/plain; version=0.0.4")
    }
    router.get(RouterPath(Endpoint.help.rawValue)) { request, _ in
      Response(
        text: routes.help(at: request.head.authority), mediaType: "text/plain; charset=utf-8")
    }
  }

  private func info(_ engine: ServingEngine) -> JSONWriter {
    let info = engine.info
    var json = JSONWriter()
    json.object { json in
      json.member("model_id", info.name)
      json.member("model_sha", info.version)
      json.key("model_type")
      json.object { type in
        type.key(info.labels.isEmpty ? "embedding" : "classifier")
        type.object { write(labels: info.labels, to: &$0) }
      }
      json.member("task", info.task)
      json.member("labels", info.labels)
      json.member("languages", info.languages)
      json.member("dimensions", info.dimensions)
      json.member("vocabulary_size", info.vocabularySize)
      json.key("prefixes")
      json.object {
        $0.member("query", info.prefixes.query)
        $0.member("passage", info.prefixes.passage)
        $0.member("classification", info.prefixes.classification)
      }
      json.member("max_input_length", engine.maximumLength)
      json.member("max_batch_tokens", configuration.batching.maximumTokens)
      json.member("max_batch_requests", configuration.batching.maximumRows)
      json.member("max_client_batch_size", configuration.maximumClientBatch)
      json.member("max_concurrent_requests", configuration.maximumConcurrentRequests)
      json.member("max_queued_rows", configuration.batching.maximumQueuedRows)
      json.member("max_body_bytes", configuration.maximumBodyBytes)
    }
    return json
  }

  private func write(labels: [String], to json: inout JSONWriter) {
    guard !labels.isEmpty else { return }
    json.key("id2label")
    json.object { for (id, label) in labels.enumerated() { $0.member("\(id)", label) } }
    json.key("label2id")
    json.object { for (id, label) in labels.enumerated() { $0.member(label, id) } }
  }

  private func models(_ engine: ServingEngine) -> JSONWriter {
    var json = JSONWriter()
    json.object { json in
      json.member("object", "list")
      json.key("data")
      json.array { data in
        data.object {
          $0.member("id", engine.info.name)
          $0.member("object", "model")
          $0.member("created", startTime)
          $0.member("owned_by", "koine")
        }
      }
    }
    return json
  }

  /// The page of help, its examples under the name by which the caller has reached the server.
  private func help(at authority: String?) -> String {
    let server = "http://\(authority ?? "\(configuration.host):\(configuration.port)")"
    let name = state.engine.map { "\($0.info.name) (\($0.info.task))" } ?? "a model that is loading"
    let endpoints = Endpoint.allCases.map { endpoint in
      let call = "\(endpoint.method) \(endpoint.rawValue)"
      let gap = String(repeating: " ", count: max(2, 24 - call.utf8.count))
      return "  \(call)\(gap)\(endpoint.summary)\n"
    }
    return """
      koine serve: \(name)

      \(endpoints.joined())
      Label texts (best first; one list for each text where "inputs" is a list):

        curl -H 'Content-Type: application/json' -d '{"inputs": "guten Morgen", "top_k": 3}' \\
          \(server)/predict

        "truncate": true         cut what is too long instead of refusing it
        "language": "de"         the texts' language, or a list with one for each text

      Sentence vectors:

        curl -H 'Content-Type: application/json' -d '{"inputs": ["guten Morgen", "good morning"]}' \\
          \(server)/embed

        "prefix": "query"        or "passage", or "none"; for models trained with prefixes
        "normalize": false       the vectors as they are, not scaled to length 1

      /v1/embeddings takes what OpenAI's clients send. Errors are {"error", "error_type"}.

      """
  }
}
