// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import Synchronization

/// What every request passes first and every answer last: its id, the bearer key, and the turning
/// of errors into answers, of which unknown ones show no detail.
struct RequestGate: RouterMiddleware {
  typealias Context = ServingContext

  /// The header that carries a request's id.
  static let requestID = HTTPField.Name("X-Request-Id")
  /// How long the rest of a refused body is still read, so that the caller sees the answer instead
  /// of a broken connection.
  static let linger = TimeAmount.seconds(5)

  /// The bearer key, or `nil` where anybody may ask.
  let apiKey: String?
  private let identifiers = RequestIdentifiers()

  /// A gate that asks for a key.
  init(apiKey: String?) { self.apiKey = apiKey }

  func handle(
    _ request: Request, context: ServingContext,
    next: (Request, ServingContext) async throws -> Response
  ) async throws -> Response {
    let clock = ContinuousClock()
    let start = clock.now
    var context = context
    context.requestID = identifiers.identifier(for: request)
    var response: Response
    do {
      try authorize(request)
      response = try await next(request, context)
    } catch let error as HTTPParserError {
      // Not HTTP: the connection's own handler answers and closes.
      throw error
    } catch {
      let failure = Self.describe(error, request, context)
      response = failure.response
      if failure.code == .methodNotAllowed,
        let endpoint = Endpoint(rawValue: failure.location ?? "")
      {
        response.headers[.allow] = endpoint.method == .get ? "GET, HEAD" : "POST"
      }
      if failure.closesConnection { Self.closeSoon(context.channel) }
    }
    if let name = Self.requestID { response.headers[name] = context.requestID }
    context.logger.debug(
      "request",
      metadata: [
        "id": "\(context.requestID)", "method": "\(request.method)", "path": "\(request.uri.path)",
        "status": "\(response.status.code)", "duration": "\(clock.now - start)",
      ])
    return response
  }

  private func authorize(_ request: Request) throws(ServingError) {
    guard let apiKey, Endpoint(rawValue: request.uri.path)?.isOpen != true else { return }
    let given = request.headers[.authorization] ?? ""
    let scheme = "bearer "
    guard given.prefix(scheme.count).lowercased() == scheme,
      Self.equal(Array(given.dropFirst(scheme.count).utf8), Array(apiKey.utf8))
    else {
      throw ServingError(
        .unauthorized,
        given.isEmpty
          ? "expected the header 'Authorization: Bearer KEY', found none"
          : "the header 'Authorization' does not carry this server's key")
    }
  }

  /// Compares in a time that does not tell how much was right.
  private static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    var difference = left.count ^ right.count
    for index in right.indices {
      difference |= Int((index < left.count ? left[index] : 0) ^ right[index])
    }
    return difference == 0
  }

  /// What the caller is told of an error; what is not told is logged.
  private static func describe(
    _ error: any Error, _ request: Request, _ context: ServingContext
  ) -> ServingError {
    switch error {
    case let error as ServingError:
      return error
    case let error as HTTPError where error.status == .notFound:
      return Endpoint.unmatched(request.method, request.uri.path)
    case is CancellationError:
      return ServingError(.cancelled, "the request was given up before its answer")
    default:
      context.logger.error(
        "request failed", metadata: ["id": "\(context.requestID)", "error": "\(error)"])
      return ServingError(
        .internal, "something went wrong here; the server's log tells more under this request's id")
    }
  }

  private static func closeSoon(_ channel: any Channel) {
    // A test's channel has no connection to close.
    guard channel.isActive else { return }
    channel.eventLoop.scheduleTask(in: linger) { channel.close(promise: nil) }
  }
}

/// Names requests.
private final class RequestIdentifiers: Sendable {
  private let stamp = String(
    UInt64.random(in: 0x1000_0000_0000_0000 ... .max), radix: 16)
  private let count = Atomic<UInt64>(0)

  /// The caller's own id where it is printable ASCII of at most 128 bytes, else a new one.
  func identifier(for request: Request) -> String {
    if let name = RequestGate.requestID, let given = request.headers[name],
      (1...128).contains(given.utf8.count), given.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
    {
      return given
    }
    return "\(stamp)-\(count.wrappingAdd(1, ordering: .relaxed).newValue)"
  }
}
