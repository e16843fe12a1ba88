// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Serving

@Suite("The configuration")
struct ServerConfigurationTests {
  typealias Change = @Sendable (inout Serving.ServerConfiguration) -> Void

  private static let settings: [(String, Change)] = [
    ("port", { $0.port = 65_536 }),
    ("port", { $0.port = -1 }),
    ("maximumBodyBytes", { $0.maximumBodyBytes = 0 }),
    ("maximumClientBatch", { $0.maximumClientBatch = 0 }),
    ("maximumLength", { $0.maximumLength = 0 }),
    ("maximumConcurrentRequests", { $0.maximumConcurrentRequests = 0 }),
    ("eventLoopThreads", { $0.eventLoopThreads = 0 }),
    ("batching.maximumTokens", { $0.batching.maximumTokens = 0 }),
    ("batching.maximumRows", { $0.batching.maximumRows = 0 }),
    ("batching.maximumQueuedRows", { $0.batching.maximumQueuedRows = 255 }),
    ("batching.maximumWait", { $0.batching.maximumWait = .seconds(-1) }),
    ("gracePeriod", { $0.gracePeriod = .seconds(-1) }),
    ("apiKey", { $0.apiKey = "" }),
  ]

  @Test("is valid by default, and listens on this machine only")
  func defaults() throws {
    let configuration = Serving.ServerConfiguration()
    try configuration.validate()
    #expect(configuration.host == "127.0.0.1")
    #expect(configuration.maximumBodyBytes == 2_000_000)
    #expect(configuration.batching.maximumTokens == 16_384)
  }

  @Test(
    "names the setting that is out of range",
    arguments: settings)
  func outOfRange(_ name: String, _ change: Change) throws {
    var configuration = Serving.ServerConfiguration()
    change(&configuration)
    let error = try #require(throws: ServingError.self) { try configuration.validate() }
    #expect(error.code == .configuration)
    #expect(error.location == name)
    #expect(error.message.contains("expected") && error.message.contains("found"))
  }

  @Test("writes addresses as URLs")
  func address() {
    #expect(ListeningAddress(host: "127.0.0.1", port: 80).description == "http://127.0.0.1:80")
    #expect(ListeningAddress(host: "::1", port: 80).description == "http://[::1]:80")
  }
}
