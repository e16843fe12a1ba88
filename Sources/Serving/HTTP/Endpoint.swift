// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// An endpoint of the server: the one list that routes, help, 404 and 405 are made from.
enum Endpoint: String, CaseIterable, Sendable {
  case predict = "/predict"
  case embed = "/embed"
  case embeddings = "/v1/embeddings"
  case health = "/health"
  case info = "/info"
  case models = "/v1/models"
  case metrics = "/metrics"
  case help = "/"

  /// The method that the endpoint answers; `HEAD` goes with `GET`.
  var method: HTTPRequest.Method {
    switch self {
    case .predict, .embed, .embeddings: .post
    default: .get
    }
  }

  /// Whether the endpoint answers without the bearer key: probes have none.
  var isOpen: Bool { self == .health || self == .help }

  /// The name under which requests for work are counted.
  var name: String {
    switch self {
    case .embeddings: "openai_embeddings"
    default: String(describing: self)
    }
  }

  /// One line of help.
  var summary: String {
    switch self {
    case .predict: "label texts"
    case .embed: "sentence vectors of texts"
    case .embeddings: "the same in OpenAI's form"
    case .health: "200 when ready, 503 while starting or stopping"
    case .info: "the model and the limits"
    case .models: "the model in OpenAI's form"
    case .metrics: "counts and times for Prometheus"
    case .help: "this page"
    }
  }

  /// All endpoints as `METHOD path`.
  static let list = allCases.map { "\($0.method) \($0.rawValue)" }.joined(separator: ", ")

  /// What to answer where no route matched.
  static func unmatched(_ method: HTTPRequest.Method, _ path: String) -> ServingError {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard let endpoint = Endpoint(rawValue: trimmed) else {
      return ServingError(.notFound, "there is no \(path) here; there is \(list)")
    }
    return ServingError(
      .methodNotAllowed, "expected \(endpoint.method), found \(method)", at: endpoint.rawValue)
  }
}
