// SPDX-License-Identifier: Apache-2.0

import Hummingbird

/// The routes that put the model to work, and what they share: admission, reading, counting, and
/// stopping when the caller hangs up.
struct WorkRoutes: Sendable {
  let configuration: ServerConfiguration
  let state: ServerState
  let metrics: ServerMetrics
  let watch: HangUpWatch

  /// Adds the routes to a router.
  func add(to router: Router<ServingContext>) {
    let configuration = configuration
    add(.predict, to: router) { body, engine in
      try await PredictRequest(body, info: engine.info, configuration: configuration)
        .answer(engine)
    }
    add(.embed, to: router) { body, engine in
      try await EmbedRequest(body, configuration: configuration).answer(engine)
    }
    add(.embeddings, to: router) { body, engine in
      try await OpenAIEmbeddingsRequest(body, info: engine.info, configuration: configuration)
        .answer(engine)
    }
  }

  private typealias Work = @Sendable (JSONValue, ServingEngine) async throws -> JSONWriter

  private func add(
    _ endpoint: Endpoint, to router: Router<ServingContext>, work: @escaping Work
  ) {
    router.post(RouterPath(endpoint.rawValue)) { request, context in
      try await respond(to: request, at: endpoint, context, work)
    }
  }

  private func respond(
    to request: Request, at endpoint: Endpoint, _ context: ServingContext, _ work: @escaping Work
  ) async throws -> Response {
    let clock = ContinuousClock()
    let start = clock.now
    metrics.requestStarted(endpoint.name)
    do {
      let engine = try state.enter()
      defer { state.leave() }
      let reader = RequestBodyReader(
        maximumBytes: configuration.maximumBodyBytes, timeout: configuration.bodyTimeout)
      let json = try await watch.run(on: context.channel) {
        try await work(try await reader.json(of: request), engine)
      }
      metrics.requestSucceeded(endpoint.name, after: clock.now - start)
      return Response(json: json)
    } catch {
      let error = Self.forCaller(error, context)
      metrics.requestFailed(endpoint.name, Self.code(of: error))
      throw error
    }
  }

  /// Keeps a model's own words for the log.
  private static func forCaller(_ error: any Error, _ context: ServingContext) -> any Error {
    guard let failure = error as? ModelFailure else { return error }
    context.logger.error(
      "the model failed",
      metadata: ["id": "\(context.requestID)", "error": "\(failure.cause)"])
    return ServingError(
      .backend, "the model failed; the server's log tells more under this request's id")
  }

  private static func code(of error: any Error) -> ServingError.Code {
    switch error {
    case let error as ServingError: error.code
    case is CancellationError: .cancelled
    default: .internal
    }
  }
}
