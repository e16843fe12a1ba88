// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import ServiceLifecycle
import Testing

@testable import Serving

@Suite("When told to stop, the server", .timeLimit(.minutes(1)))
struct DrainTests {
  @Test("finishes what is under way, closes its door, and ends in order")
  func drain() async throws {
    let model = StubModel()
    model.hold()
    try await RunningServer.with(load: { model }) { running in
      var busy: [RawConnection] = []
      for caller in 0..<8 {
        let connection = try await RawConnection.open(port: running.port)
        try await connection.send(RawConnection.post("/embed", #"{"inputs": ["a", "\#(caller)"]}"#))
        busy.append(connection)
      }
      let idle = try await RawConnection.open(port: running.port)
      try await eventually("eight requests under way") {
        running.server.state.requestsUnderWay == 8
      }
      await running.group.triggerGracefulShutdown()
      try await eventually("the end of the idle connection") { idle.isClosed }
      #expect(running.server.state.isDraining)
      await #expect(throws: (any Error).self) {
        let late = try await RawConnection.open(port: running.port)
        try await late.send("GET /health HTTP/1.1\r\nHost: test\r\n\r\n")
        _ = try await late.response()
      }
      model.release()
      for connection in busy {
        #expect(try await connection.response().status == 200)
        try await eventually("the end of the connection") { connection.isClosed }
      }
    }
    #expect(model.batches.map(\.count).reduce(0, +) == 16)
  }

  @Test("answers 503 to health checks, and still works, while load balancers look away")
  func drainDelay() async throws {
    var configuration = Serving.ServerConfiguration()
    configuration.drainDelay = .seconds(1)
    try await RunningServer.with(configuration, load: { StubModel() }) { running in
      await running.group.triggerGracefulShutdown()
      try await eventually("draining") { running.server.state.isDraining }
      let connection = try await RawConnection.open(port: running.port)
      try await connection.send("GET /health HTTP/1.1\r\nHost: test\r\n\r\n")
      let health = try await connection.response()
      #expect(health.status == 503)
      #expect(health.body.contains("Unhealthy"))
      try await connection.send(RawConnection.post("/embed", #"{"inputs": "a"}"#))
      #expect(try await connection.response().status == 200)
    }
  }

  @Test("fails no request of a caller who keeps asking until the connection is closed")
  func drainUnderLoad() async throws {
    let model = StubModel(delayPerRow: .microseconds(500))
    let answered = try await RunningServer.with(load: { model }) { running in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for caller in 0..<16 {
          group.addTask {
            let connection = try await RawConnection.open(port: running.port)
            var count = 0
            while !connection.isClosed {
              // A connection that closes between two requests is no failure; a bad answer is.
              guard
                (try? await connection.send(
                  RawConnection.post("/embed", #"{"inputs": "caller \#(caller)"}"#))) != nil,
                let response = try? await connection.response()
              else { break }
              #expect(response.status == 200)
              count += 1
            }
            return count
          }
        }
        try await eventually("some batches") { model.batches.count > 20 }
        await running.group.triggerGracefulShutdown()
        return try await group.reduce(0, +)
      }
    }
    #expect(answered > 20)
    #expect(answered <= model.batches.map(\.count).reduce(0, +))
  }

  @Test("gives up on what takes longer than the grace period, with 503")
  func gracePeriod() async throws {
    let model = StubModel()
    model.hold()
    var configuration = Serving.ServerConfiguration()
    configuration.gracePeriod = .milliseconds(300)
    try await RunningServer.with(configuration, load: { model }) { running in
      let waiting = try await RawConnection.open(port: running.port)
      try await waiting.send(RawConnection.post("/embed", #"{"inputs": "a"}"#))
      let stuck = try await RawConnection.open(port: running.port)
      let request = RawConnection.post("/embed", #"{"inputs": "b"}"#)
      try await stuck.send(String(request.dropLast(3)))
      try await eventually("two requests under way") {
        running.server.state.requestsUnderWay == 2
      }
      await running.group.triggerGracefulShutdown()
      let response = try await waiting.response()
      #expect(response.status == 503)
      #expect(response.body.contains("Unhealthy"))
      try await eventually("the end of the stuck connection") { stuck.isClosed }
    }
    model.release()
  }

  @Test("stops while the model is still being loaded")
  func whileStarting() async throws {
    try await RunningServer.with(
      waitsForModel: false,
      load: {
        try await Task.sleep(for: .seconds(3600))
        return StubModel()
      }
    ) { _ in }
  }

  @Test("ends with the loader's error where the model cannot be loaded")
  func failedLoad() async throws {
    struct NoModel: Error {}
    var configuration = Serving.ServerConfiguration()
    configuration.port = 0
    let server = KoineServer(configuration: configuration, logger: .quiet) { throw NoModel() }
    await #expect(throws: NoModel.self) { try await server.run() }
  }

  @Test("says which address it cannot bind")
  func takenPort() async throws {
    try await RunningServer.with(load: { StubModel() }) { running in
      var configuration = Serving.ServerConfiguration()
      configuration.port = running.port
      let second = KoineServer(configuration: configuration, logger: .quiet) { StubModel() }
      let error = try await #require(throws: ServingError.self) { try await second.run() }
      #expect(error.code == .configuration)
      #expect(error.location == "127.0.0.1:\(running.port)")
    }
  }

  @Test("does not begin with settings that cannot be")
  func badConfiguration() async throws {
    var configuration = Serving.ServerConfiguration()
    configuration.eventLoopThreads = 0
    let server = KoineServer(configuration: configuration, logger: .quiet) { StubModel() }
    let error = try await #require(throws: ServingError.self) { try await server.run() }
    #expect(error.location == "eventLoopThreads")
  }
}
