// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing

@testable import Serving

@Suite("Every request", .timeLimit(.minutes(1)))
struct GateTests {
  @Test(
    "finds what exists, and is told so where it asks for something else", arguments: Way.allCases)
  func routes(_ way: Way) async throws {
    try await way.ask { client, _ in
      try await client.get("/predictt").expectError(
        404, "Validation", ["/predictt", "POST /predict"])
      try await client.post("/", "{}").expectError(
        405, "Validation", ["expected GET", "found POST"])
      for path in ["/predict", "/embed", "/v1/embeddings"] {
        let response = try await client.get(path)
        try response.expectError(405, "Validation", [path, "expected POST", "found GET"])
        #expect(response.headers[.allow] == "POST")
      }
      let deleted = try await client.execute(uri: "/health", method: .delete)
      try deleted.expectError(405, "Validation", ["expected GET", "found DELETE"])
      #expect(deleted.headers[.allow] == "GET, HEAD")
      let head = try await client.execute(uri: "/health", method: .head)
      #expect(head.status == .ok)
      try await client.get("/health/").expectSuccess()
      try await client.get("/health?probe=1").expectSuccess()
    }
  }

  @Test(
    "declares its body as JSON",
    arguments: [
      ("application/json", 200), ("Application/JSON; charset=UTF-8", 200),
      ("application/problem+json", 200), ("text/plain", 415),
      ("application/x-www-form-urlencoded", 415), ("application/json; charset=latin1", 415),
      ("", 415),
    ])
  func mediaType(_ type: String, _ status: Int) async throws {
    for way in Way.allCases {
      try await way.ask { client, _ in
        let headers: HTTPFields = type.isEmpty ? [:] : [.contentType: type]
        let response = try await client.post("/embed", #"{"inputs": "a"}"#, headers: headers)
        #expect(response.status.code == status)
        if status == 415 {
          try response.expectError(415, "Validation", ["Content-Type: application/json"])
        }
      }
    }
  }

  @Test("does not compress its body")
  func compressed() async throws {
    try await Way.router.ask { client, _ in
      let headers: HTTPFields = [.contentType: "application/json", .contentEncoding: "gzip"]
      try await client.post("/embed", "x", headers: headers)
        .expectError(415, "Validation", ["gzip"])
    }
  }

  @Test("keeps its id, or gets one", arguments: Way.allCases)
  func identifier(_ way: Way) async throws {
    try await way.ask { client, _ in
      let name = try #require(HTTPField.Name("X-Request-Id"))
      let own = try await client.get("/health", headers: [name: "abc-123"])
      #expect(own.headers[name] == "abc-123")
      let failed = try await client.get("/nothing", headers: [name: "abc-124"])
      #expect(failed.headers[name] == "abc-124")
      let made = try await client.get("/health").headers[name] ?? ""
      let another = try await client.get("/health").headers[name] ?? ""
      #expect(!made.isEmpty)
      #expect(made != another)
      let long = try await client.get(
        "/health", headers: [name: String(repeating: "x", count: 200)])
      #expect((long.headers[name] ?? "").utf8.count < 100)
    }
  }

  @Test("shows the key where one is asked for; probes need none", arguments: Way.allCases)
  func key(_ way: Way) async throws {
    var configuration = Serving.ServerConfiguration()
    configuration.apiKey = "s3cret"
    try await way.ask(StubModel(), configuration) { client, _ in
      try await client.get("/health").expectSuccess()
      try await client.get("/").expectSuccess()
      for path in ["/info", "/v1/models", "/metrics", "/nothing"] {
        let response = try await client.get(path)
        try response.expectError(401, "Unauthorized", ["Authorization: Bearer"])
        #expect(response.headers[.wwwAuthenticate] == "Bearer")
      }
      for wrong in ["Bearer s3cre", "Bearer s3crets", "Basic s3cret", "s3cret", "Bearer "] {
        try await client.get("/info", headers: [.authorization: wrong])
          .expectError(401, "Unauthorized", ["Authorization"])
      }
      for right in ["Bearer s3cret", "bearer s3cret"] {
        try await client.get("/info", headers: [.authorization: right]).expectSuccess()
      }
    }
  }

  @Test(
    "is refused while the server starts; health checks also while it drains",
    arguments: Way.allCases)
  func unhealthy(_ way: Way) async throws {
    try await way.ask(isReady: false) { client, server in
      for path in ["/health", "/info", "/v1/models"] {
        try await client.get(path).expectError(503, "Unhealthy", ["starting"])
      }
      try await client.post("/embed", #"{"inputs": "a"}"#)
        .expectError(503, "Unhealthy", ["starting"])
      try await client.get("/metrics").expectSuccess()
      #expect(try await client.get("/").text.contains("loading"))
      try await server.becomeReady()
      try await client.get("/health").expectSuccess()
      server.state.beginDraining()
      try await client.get("/health").expectError(503, "Unhealthy", ["stopping"])
      // What comes before the door is closed is still worked on.
      try await client.post("/embed", #"{"inputs": "a"}"#).expectSuccess()
      try await client.get("/info").expectSuccess()
    }
  }

  @Test("is refused while as many as allowed are under way")
  func concurrency() async throws {
    let model = StubModel()
    model.hold()
    var configuration = Serving.ServerConfiguration()
    configuration.maximumConcurrentRequests = 2
    try await Way.router.ask(model, configuration) { client, server in
      async let first = client.post("/embed", #"{"inputs": "a"}"#)
      async let second = client.post("/embed", #"{"inputs": "b"}"#)
      try await eventually("two requests under way") { server.state.requestsUnderWay == 2 }
      let third = try await client.post("/embed", #"{"inputs": "c"}"#)
      try third.expectError(429, "Overloaded", ["2 requests"])
      #expect(third.headers[.retryAfter] == "1")
      model.release()
      try await first.expectSuccess()
      try await second.expectSuccess()
      #expect(server.state.requestsUnderWay == 0)
      try await client.post("/embed", #"{"inputs": "c"}"#).expectSuccess()
    }
  }

  @Test("is refused while the queue is full")
  func queue() async throws {
    let model = StubModel()
    model.hold()
    var configuration = Serving.ServerConfiguration()
    configuration.maximumClientBatch = 3
    configuration.batching.maximumQueuedRows = 3
    try await Way.router.ask(model, configuration) { client, server in
      async let first = client.post("/embed", #"{"inputs": "a"}"#)
      try await eventually("a batch at the gate") { model.heldBatches == 1 }
      async let second = client.post("/embed", #"{"inputs": ["a", "b"]}"#)
      try await eventually("two rows in the queue") {
        server.state.engine?.batcher.queuedRows == 2
      }
      try await client.post("/embed", #"{"inputs": ["a", "b"]}"#)
        .expectError(429, "Overloaded", ["2 texts are waiting", "holds 3"])
      model.release()
      try await first.expectSuccess()
      try await second.expectSuccess()
    }
  }
}
