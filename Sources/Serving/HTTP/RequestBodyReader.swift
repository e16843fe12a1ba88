// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore

/// Reads a request's JSON within bounds of size and time.
struct RequestBodyReader: Sendable {
  /// The largest body in bytes.
  let maximumBytes: Int
  /// How long the body may take to arrive.
  let timeout: Duration

  /// The request's body as JSON.
  ///
  /// - Throws: ``ServingError`` of code `mediaType`, `tooLarge`, `timeout` or `malformed`.
  func json(of request: Request) async throws -> JSONValue {
    try checkMediaType(request)
    if let declared = request.headers[.contentLength].flatMap(Int.init), declared > maximumBytes {
      throw tooLarge("\(declared)")
    }
    let bytes = try await read(request.body)
    guard !bytes.isEmpty else {
      throw ServingError(.malformed, "expected a JSON object, found an empty body")
    }
    return try JSONParser.parse(bytes)
  }

  private func checkMediaType(_ request: Request) throws(ServingError) {
    guard let given = request.headers[.contentType] else {
      throw ServingError(
        .mediaType, "expected the header 'Content-Type: application/json', found none")
    }
    let parts = given.lowercased().split(separator: ";").map {
      $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" }
    }
    let type = parts.first ?? ""
    let isJSON =
      type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json"))
    let isUTF8 = parts.dropFirst().allSatisfy {
      !$0.hasPrefix("charset=")
        || ["charset=utf-8", "charset=utf8", "charset=us-ascii"].contains($0)
    }
    guard isJSON, isUTF8 else {
      throw ServingError(
        .mediaType, "expected the header 'Content-Type: application/json', found '\(given)'")
    }
    let encoding = request.headers[.contentEncoding]?.lowercased() ?? "identity"
    guard encoding == "identity" else {
      throw ServingError(
        .mediaType, "expected a body that is not compressed, found 'Content-Encoding: \(encoding)'")
    }
  }

  private func read(_ body: RequestBody) async throws -> [UInt8] {
    try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
      group.addTask { try await collect(body) }
      group.addTask {
        try await Task.sleep(for: timeout)
        return nil
      }
      defer { group.cancelAll() }
      guard let bytes = try await group.next() ?? nil else {
        throw ServingError(.timeout, "the body did not arrive within \(timeout)")
      }
      return bytes
    }
  }

  private func collect(_ body: RequestBody) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    do {
      for try await chunk in body {
        guard chunk.readableBytes <= maximumBytes - bytes.count else {
          throw tooLarge("more")
        }
        bytes.append(contentsOf: chunk.readableBytesView)
      }
    } catch let error as IOError {
      throw ServingError(.cancelled, "the connection broke while the body was read: \(error)")
    }
    return bytes
  }

  private func tooLarge(_ found: String) -> ServingError {
    ServingError(
      .tooLarge, "the body may have \(maximumBytes) bytes and has \(found); send it in parts")
  }
}
