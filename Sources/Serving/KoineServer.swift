// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Serves one model over HTTP: labels, sentence vectors, health and metrics.
///
/// Run it in a `ServiceGroup` that turns SIGTERM and SIGINT into a graceful shutdown; it then
/// closes its door, finishes what is under way within ``ServerConfiguration/gracePeriod``, and
/// returns. It listens at once and answers `GET /health` with 503 until the model is loaded.
///
/// ```swift
/// let server = KoineServer(configuration: configuration, logger: logger) { try await load() }
/// let group = ServiceGroup(
///   services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
/// try await group.run()
/// ```
public struct KoineServer: Service {
  /// Loads the model that is to be served.
  public typealias ModelLoader = @Sendable () async throws -> any ServedModel

  let configuration: ServerConfiguration
  let logger: Logger
  let state: ServerState
  let metrics = ServerMetrics()
  let watch = HangUpWatch()
  private let onListening: @Sendable (ListeningAddress) -> Void
  private let load: ModelLoader

  /// A server that is not running yet.
  ///
  /// - Parameters:
  ///   - configuration: Where to listen and how much to take.
  ///   - logger: Where requests (debug) and failures (error) are told.
  ///   - onListening: Called once with the address that was bound: the way to learn the port where
  ///     the configuration says 0.
  ///   - load: Loads the model, while the server already listens. An error ends ``run()``.
  public init(
    configuration: ServerConfiguration = ServerConfiguration(),
    logger: Logger,
    onListening: @escaping @Sendable (ListeningAddress) -> Void = { _ in },
    load: @escaping ModelLoader
  ) {
    self.configuration = configuration
    self.logger = logger
    self.onListening = onListening
    self.load = load
    state = ServerState(maximumRequests: configuration.maximumConcurrentRequests)
  }

  /// Serves until the graceful shutdown.
  ///
  /// - Throws: ``ServingError`` of code `configuration` where a setting is out of range or the
  ///   address cannot be bound; what the loader threw; `CancellationError`.
  public func run() async throws {
    try configuration.validate()
    let eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoopThreads)
    let outcome: Result<Void, any Error>
    do {
      outcome = .success(try await serve(on: eventLoops))
    } catch {
      outcome = .failure(error)
    }
    try await eventLoops.shutdownGracefully()
    try outcome.get()
  }

  /// The application with all its routes, on given event loops.
  func application(on eventLoops: any EventLoopGroup) -> some ApplicationProtocol {
    let router = Router(context: ServingContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: RequestGate(apiKey: configuration.apiKey))
    WorkRoutes(configuration: configuration, state: state, metrics: metrics, watch: watch)
      .add(to: router)
    InformationRoutes(
      configuration: configuration, state: state, metrics: metrics,
      startTime: Int(Date().timeIntervalSince1970)
    ).add(to: router)
    let (watch, maximumBytes) = (watch, configuration.maximumBodyBytes)
    return Application(
      router: router,
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [
            watch.makeHandler(), ContinueHandler(maximumBytes: maximumBytes),
          ],
          idleTimeout: TimeAmount(configuration.idleTimeout))),
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.host, port: configuration.port), serverName: "koine"),
      onServerRunning: { [configuration, onListening] channel in
        onListening(
          ListeningAddress(
            host: configuration.host, port: channel.localAddress?.port ?? configuration.port))
      },
      eventLoopGroupProvider: .shared(eventLoops),
      logger: logger)
  }

  /// Loads the model and makes the server ready.
  func becomeReady() async throws {
    let engine = ServingEngine(
      model: try await load(), configuration: configuration, metrics: metrics)
    state.becomeReady(with: engine)
    logger.info(
      "ready",
      metadata: ["model": "\(engine.info.name)", "version": "\(engine.info.version)"])
  }

  private func serve(on eventLoops: any EventLoopGroup) async throws {
    let listener = ServiceGroup(
      configuration: .init(services: [application(on: eventLoops)], logger: logger))
    // Detached, because the listener must stay open during the drain delay: a child of this task
    // would close on the outer group's signal.
    let listening = Task.detached { try await listener.run() }
    try await withTaskCancellationHandler {
      do {
        try await superviseUntilEnd(of: listening, listener)
      } catch is CancellationError where state.isDraining {
        // The grace period ran out, and what was left was cut off: still an orderly end.
      } catch let error as IOError {
        throw ServingError(
          .configuration,
          "cannot listen here (\(error)); choose another port, or 0 for any free one",
          at: "\(configuration.host):\(configuration.port)")
      }
    } onCancel: {
      listening.cancel()
    }
  }

  private func superviseUntilEnd(
    of listening: Task<Void, any Error>, _ listener: ServiceGroup
  ) async throws {
    enum Part { case listener, loader, drain }
    try await withThrowingTaskGroup(of: Part.self) { group in
      group.addTask {
        try await listening.value
        return .listener
      }
      group.addTask {
        try await becomeReady()
        return .loader
      }
      group.addTask {
        if (try? await gracefulShutdown()) != nil { await drain(listener, listening) }
        return .drain
      }
      defer { group.cancelAll() }
      do {
        while let ended = try await group.next(), ended != .listener {}
      } catch {
        // Nobody else stops a detached task, and the group waits for the child that awaits it.
        listening.cancel()
        throw error
      }
    }
  }

  /// Turns callers away, closes the door, and gives what is under way its time.
  private func drain(_ listener: ServiceGroup, _ listening: Task<Void, any Error>) async {
    state.beginDraining()
    logger.info("draining", metadata: ["requests": "\(state.requestsUnderWay)"])
    do {
      try await Task.sleep(for: configuration.drainDelay)
      await listener.triggerGracefulShutdown()
      try await Task.sleep(for: configuration.gracePeriod)
    } catch {
      // Everything was answered in time: the listener's end has cancelled this task.
      return
    }
    logger.warning(
      "the grace period is over", metadata: ["requests": "\(state.requestsUnderWay)"])
    state.engine?.batcher.stop(because: ServerState.draining)
    // Time for the last answers to be written.
    try? await Task.sleep(for: .milliseconds(200))
    listening.cancel()
  }
}
