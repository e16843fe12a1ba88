// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOPosix
import Testing

@testable import Serving

/// The two ways to ask a server: straight at its router, and over a socket.
enum Way: String, CaseIterable, Sendable {
  case router
  case live

  /// Runs a test against a server that is ready.
  func ask(
    _ model: StubModel = StubModel(),
    _ configuration: Serving.ServerConfiguration = .init(),
    isReady: Bool = true,
    _ test: @escaping @Sendable (any TestClientProtocol, KoineServer) async throws -> Void
  ) async throws {
    let server = KoineServer(configuration: configuration, logger: .quiet) { model }
    if isReady { try await server.becomeReady() }
    let application = server.application(on: MultiThreadedEventLoopGroup.singleton)
    try await application.test(self == .router ? .router : .live) { try await test($0, server) }
  }
}

extension TestClientProtocol {
  /// Sends JSON and gives back status and body.
  func post(
    _ path: String, _ body: String, headers: HTTPFields = [.contentType: "application/json"]
  ) async throws -> TestResponse {
    try await execute(uri: path, method: .post, headers: headers, body: ByteBuffer(string: body))
  }

  /// Asks for a page.
  func get(_ path: String, headers: HTTPFields = [:]) async throws -> TestResponse {
    try await execute(uri: path, method: .get, headers: headers)
  }
}

extension TestResponse {
  /// The body as text.
  var text: String { String(buffer: body) }

  /// The body as JSON.
  func json() throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

  /// Checks that this is an answer.
  func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(status == .ok, "\(text)", sourceLocation: sourceLocation)
  }

  /// Checks that this is an error of the agreed form.
  func expectError(
    _ status: Int, _ type: String, _ words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(self.status.code == status, "\(text)", sourceLocation: sourceLocation)
    let json = try json()
    #expect(json["error_type"] == .string(type), "\(text)", sourceLocation: sourceLocation)
    guard case .string(let message) = json["error"] else {
      Issue.record("no message in \(text)", sourceLocation: sourceLocation)
      return
    }
    for word in words {
      #expect(message.contains(word), "\(message)", sourceLocation: sourceLocation)
    }
  }
}

extension JSONValue {
  /// A member of an object.
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// An element of an array.
  subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The numbers of an array.
  var floats: [Float] {
    guard case .array(let elements) = self else { return [] }
    return elements.compactMap {
      switch $0 {
      case .integer(let value): Float(value)
      case .number(let value): Float(value)
      default: nil
      }
    }
  }

  /// How many elements an array has.
  var count: Int {
    guard case .array(let elements) = self else { return 0 }
    return elements.count
  }
}
