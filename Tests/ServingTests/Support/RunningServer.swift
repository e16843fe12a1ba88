// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import Synchronization

@testable import Serving

/// A server on a free port of this machine, for the time of a test.
struct RunningServer: Sendable {
  let server: KoineServer
  let port: Int
  let group: ServiceGroup

  /// Runs a server, then the test, then the server's graceful end.
  ///
  /// - Returns: What the test returned.
  static func with<Value: Sendable>(
    _ configuration: Serving.ServerConfiguration = .init(),
    waitsForModel: Bool = true,
    load: @escaping KoineServer.ModelLoader,
    _ test: @escaping @Sendable (RunningServer) async throws -> Value
  ) async throws -> Value {
    var configuration = configuration
    configuration.port = 0
    let port = Box<Int?>(nil)
    let server = KoineServer(
      configuration: configuration, logger: .quiet, onListening: { port.set($0.port) }, load: load)
    let group = ServiceGroup(
      configuration: .init(
        services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
        logger: .quiet))
    return try await withThrowingTaskGroup(of: Value?.self) { tasks in
      tasks.addTask {
        try await group.run()
        return nil
      }
      tasks.addTask {
        try await eventually("a bound port") { port.value != nil }
        let running = RunningServer(server: server, port: port.value ?? 0, group: group)
        if waitsForModel { try await eventually("a model") { server.state.engine != nil } }
        let value = try await test(running)
        await group.triggerGracefulShutdown()
        return value
      }
      var value: Value?
      while let next = try await tasks.next() { value = next ?? value }
      guard let value else { throw NeverHappened(description: "the test's end") }
      return value
    }
  }
}

/// A value that tasks share.
final class Box<Value: Sendable>: Sendable {
  private let content: Mutex<Value>

  init(_ value: Value) { content = Mutex(value) }

  var value: Value { content.withLock { $0 } }

  func set(_ value: Value) { content.withLock { $0 = value } }
}

extension Logger {
  /// Tells nobody anything.
  static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
