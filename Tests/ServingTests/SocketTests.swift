// SPDX-License-Identifier: Apache-2.0

import Logging
import ServiceLifecycle
import Testing

@testable import Serving

@Suite("Over a socket, the server", .timeLimit(.minutes(1)))
struct SocketTests {
  @Test("drops the rows of a caller who hangs up, and serves the others", arguments: [1, 40])
  func hangUp(_ rowCount: Int) async throws {
    let model = StubModel()
    model.hold()
    var configuration = Serving.ServerConfiguration()
    configuration.batching.maximumRows = 4
    try await RunningServer.with(configuration, load: { model }) { running in
      let patient = try await RawConnection.open(port: running.port)
      try await patient.send(RawConnection.post("/embed", #"{"inputs": "a"}"#))
      try await eventually("a batch at the gate") { model.heldBatches == 1 }

      let impatient = try await RawConnection.open(port: running.port)
      let texts = Array(repeating: #""b""#, count: rowCount).joined(separator: ",")
      try await impatient.send(RawConnection.post("/embed", #"{"inputs": [\#(texts)]}"#))
      let batcher = try #require(running.server.state.engine?.batcher)
      try await eventually("waiting rows") { batcher.queuedRows == rowCount }
      await impatient.close()
      try await eventually("an empty queue") { batcher.queuedRows == 0 }
      try await eventually("one request left") { running.server.state.requestsUnderWay == 1 }

      model.release()
      #expect(try await patient.response().status == 200)
      #expect(model.batches.count == 1)
      await patient.close()
      try await eventually("nothing left") {
        running.server.state.requestsUnderWay == 0 && running.server.watch.connectionCount == 0
          && batcher.pendingRequests == 0
      }
      try await eventually("the failure's count") {
        running.server.metrics.exposition().contains(
          "te_request_failure{method=\"embed\",err=\"cancelled\"} 1")
      }
    }
  }

  @Test("forgets a caller who hangs up in the middle of the body")
  func hangUpInBody() async throws {
    try await RunningServer.with(load: { StubModel() }) { running in
      let connection = try await RawConnection.open(port: running.port)
      let request = RawConnection.post("/embed", #"{"inputs": "a b c d"}"#)
      try await connection.send(String(request.dropLast(5)))
      try await eventually("a request") { running.server.state.requestsUnderWay == 1 }
      await connection.close()
      try await eventually("nothing left") {
        running.server.state.requestsUnderWay == 0 && running.server.watch.connectionCount == 0
      }
    }
  }

  @Test(
    "refuses 10 MB, declared or in chunks, and says how much it takes", arguments: [true, false])
  func largeBody(_ isDeclared: Bool) async throws {
    try await RunningServer.with(load: { StubModel() }) { running in
      let connection = try await RawConnection.open(port: running.port)
      let megabyte = String(repeating: "x", count: 1_000_000)
      var head = "POST /embed HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
      head += isDeclared ? "Content-Length: 10000000\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\n"
      let opening = head
      // The caller sends all of it before it listens, as simple clients do.
      let sending = Task {
        try await connection.send(opening)
        for _ in 0..<10 {
          try await connection.send(isDeclared ? megabyte : "F4240\r\n\(megabyte)\r\n")
        }
        if !isDeclared { try await connection.send("0\r\n\r\n") }
      }
      try await sending.value
      let response = try await connection.response()
      #expect(response.status == 413)
      #expect(response.body.contains("2000000"))
      #expect(response.head.lowercased().contains("connection: close"))
      await connection.close()
      let next = try await RawConnection.open(port: running.port)
      try await next.send(RawConnection.post("/embed", #"{"inputs": "a"}"#))
      #expect(try await next.response().status == 200)
    }
  }

  @Test("answers malformed JSON with its place, and the connection goes on")
  func malformed() async throws {
    try await RunningServer.with(load: { StubModel() }) { running in
      let connection = try await RawConnection.open(port: running.port)
      for _ in 0..<3 {
        try await connection.send(RawConnection.post("/predict", "{\"inputs\": \"a\",\n oops}"))
        let bad = try await connection.response()
        #expect(bad.status == 400)
        #expect(bad.body.contains("line 2, column 2"))
        try await connection.send(RawConnection.post("/predict", #"{"inputs": "a"}"#))
        #expect(try await connection.response().status == 200)
      }
    }
  }

  @Test("goes on with the connection after a request whose body it did not read")
  func unreadBody() async throws {
    try await RunningServer.with(load: { StubModel() }) { running in
      let connection = try await RawConnection.open(port: running.port)
      let body = #"{"inputs": "\#(String(repeating: "a", count: 100_000))"}"#
      for (path, headers, status) in [
        ("/nothing", "", 404), ("/health", "", 405), ("/embed", "Content-Encoding: gzip\r\n", 415),
      ] {
        try await connection.send(RawConnection.post(path, body, headers: headers))
        #expect(try await connection.response().status == status)
        try await connection.send(RawConnection.post("/embed", #"{"inputs": "a"}"#))
        #expect(try await connection.response().status == 200)
      }
    }
  }

  @Test("answers requests in their order when they come without waiting")
  func pipelining() async throws {
    let model = StubModel()
    try await RunningServer.with(load: { model }) { running in
      let connection = try await RawConnection.open(port: running.port)
      let texts = (0..<10).map { "text \($0)" }
      try await connection.send(
        texts.map { RawConnection.post("/embed", #"{"inputs": "\#($0)"}"#) }.joined())
      for text in texts {
        let vector = try JSONParser.parse(Array(try await connection.response().body.utf8))[0]
        let row = try model.tokenize("query: " + text)
        #expect(vector?.floats == UnitVector.of(model.vector(of: row)))
      }
    }
  }

  @Test("answers bytes that are no HTTP with 400 and closes")
  func noHTTP() async throws {
    try await RunningServer.with(load: { StubModel() }) { running in
      let connection = try await RawConnection.open(port: running.port)
      try await connection.send("\u{16}\u{3}\u{1} hello\r\n\r\n")
      #expect(try await connection.response().status == 400)
      try await eventually("the end of the connection") { connection.isClosed }
    }
  }

  @Test("waits for a body that drips in, but not for ever")
  func slowBody() async throws {
    var configuration = Serving.ServerConfiguration()
    configuration.bodyTimeout = .milliseconds(400)
    try await RunningServer.with(configuration, load: { StubModel() }) { running in
      let request = RawConnection.post("/embed", #"{"inputs": "a"}"#)
      let slow = try await RawConnection.open(port: running.port)
      for part in [request.prefix(40), request.dropFirst(40).dropLast(3), request.suffix(3)] {
        try await slow.send(String(part))
        try await Task.sleep(for: .milliseconds(50))
      }
      #expect(try await slow.response().status == 200)

      let stuck = try await RawConnection.open(port: running.port)
      try await stuck.send(String(request.dropLast(3)))
      let response = try await stuck.response()
      #expect(response.status == 408)
      #expect(response.body.contains("did not arrive within"))
      #expect(running.server.state.requestsUnderWay == 0)
      await stuck.close()
    }
  }

  @Test("closes connections on which nothing is asked")
  func idle() async throws {
    var configuration = Serving.ServerConfiguration()
    configuration.idleTimeout = .milliseconds(200)
    try await RunningServer.with(configuration, load: { StubModel() }) { running in
      let connection = try await RawConnection.open(port: running.port)
      try await eventually("the end of the connection") { connection.isClosed }
      try await eventually("no connection") { running.server.watch.connectionCount == 0 }
    }
  }

  @Test("tells a caller who asks first to go on, unless the body is too large")
  func expectContinue() async throws {
    try await RunningServer.with(load: { StubModel() }) { running in
      let body = #"{"inputs": "a"}"#
      let request = RawConnection.post("/embed", body, headers: "Expect: 100-continue\r\n")
      let connection = try await RawConnection.open(port: running.port)
      try await connection.send(String(request.dropLast(body.utf8.count)))
      #expect(try await connection.response().status == 100)
      try await connection.send(body)
      #expect(try await connection.response().status == 200)

      let large = try await RawConnection.open(port: running.port)
      try await large.send(
        "POST /embed HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
          + "Expect: 100-continue\r\nContent-Length: 10000000\r\n\r\n")
      #expect(try await large.response().status == 413)
      await large.close()
    }
  }

  @Test("answers 503 while the model is being loaded, and 200 after")
  func starting() async throws {
    let mayLoad = Box(false)
    try await RunningServer.with(
      waitsForModel: false,
      load: {
        try await eventually("leave to load") { mayLoad.value }
        return StubModel()
      }
    ) { running in
      let connection = try await RawConnection.open(port: running.port)
      try await connection.send("GET /health HTTP/1.1\r\nHost: test\r\n\r\n")
      #expect(try await connection.response().status == 503)
      mayLoad.set(true)
      try await eventually("health") {
        try await connection.send("GET /health HTTP/1.1\r\nHost: test\r\n\r\n")
        return try await connection.response().status == 200
      }
    }
  }

  @Test("serves many callers at once, each with its own answers")
  func load() async throws {
    let model = StubModel(delayPerRow: .microseconds(20))
    try await RunningServer.with(load: { model }) { running in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for caller in 0..<32 {
          group.addTask {
            let connection = try await RawConnection.open(port: running.port)
            for round in 0..<20 {
              let text = "caller \(caller) round \(round)"
              try await connection.send(RawConnection.post("/embed", #"{"inputs": "\#(text)"}"#))
              let response = try await connection.response()
              #expect(response.status == 200)
              let vector = try JSONParser.parse(Array(response.body.utf8))[0]?.floats
              let row = try model.tokenize("query: " + text)
              #expect(vector == UnitVector.of(model.vector(of: row)))
            }
            await connection.close()
          }
        }
        try await group.waitForAll()
      }
      #expect(model.batches.contains { $0.count > 1 }, "nothing was ever batched")
      #expect(model.batches.map(\.count).reduce(0, +) == 640)
    }
  }
}
