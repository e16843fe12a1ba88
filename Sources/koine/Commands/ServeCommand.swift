// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import Serving
import Torch
import Transfer

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve a model over HTTP.",
    discussion: """
      POST /predict, /embed, /v1/embeddings; GET /health, /info, /metrics, and / for help.
      SIGTERM drains: what is under way is finished, nothing new is taken.

      Example:
        koine serve --model out/intents/model --port 8080
        curl -s localhost:8080/predict -H 'Content-Type: application/json' \\
          -d '{"inputs": "allume la lumière"}'
      """)

  @Option(help: "A model directory that 'koine run' made.")
  var model: String?

  @Option(
    help:
      "A base encoder, to serve embeddings alone: a name, a model directory, or vectors:DIRECTORY.")
  var base: String?

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 takes any free one and says which.")
  var port = 8080

  @Option(help: "The most tokens in a batch; each thread computes a batch of its own.")
  var maxBatchTokens = 1024

  @Option(help: "The most texts in a request.")
  var maxClientBatchSize = 256

  @Option(help: "The largest request body, in bytes.")
  var maxBodyBytes = 2_000_000

  @Option(help: "A key that callers must send as a bearer token.")
  var apiKey: String?

  @OptionGroup var engine: EngineOptions

  func validate() throws {
    for (name, value) in [
      ("--max-batch-tokens", maxBatchTokens), ("--max-client-batch-size", maxClientBatchSize),
      ("--max-body-bytes", maxBodyBytes),
    ] where value < 1 {
      throw ValidationError("\(name) must be at least 1, found \(value)")
    }
    guard (model == nil) != (base == nil) else {
      throw ValidationError("give either --model, a classifier, or --base, an encoder")
    }
  }

  func run() async throws {
    try await engine.prepare()
    var configuration = ServerConfiguration()
    configuration.host = host
    configuration.port = port
    configuration.batching.maximumTokens = maxBatchTokens
    configuration.maximumClientBatch = maxClientBatchSize
    // A request larger than the whole queue would be told to come back later, for ever.
    configuration.batching.maximumQueuedRows = max(
      configuration.batching.maximumQueuedRows, maxClientBatchSize)
    configuration.maximumBodyBytes = maxBodyBytes
    configuration.apiKey = apiKey
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    let logger = Logger(label: "koine")
    let (model, base) = (model, base ?? "e5-small")
    let server = KoineServer(
      configuration: configuration, logger: logger,
      onListening: { Terminal.log("listening on \($0)") },
      load: {
        if let model { return try await EngineModel(classifier: URL(fileURLWithPath: model)) }
        let directory = try await Compute.run {
          try BaseModels.directory(base) { Terminal.log($0) }
        }
        return try await EngineModel(encoder: directory, name: base)
      })
    try await ServiceGroup(
      configuration: .init(
        services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    ).run()
  }
}
