// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

extension ServingError {
  /// The status that answers a request which failed so.
  var status: HTTPResponse.Status {
    switch code {
    case .malformed: .badRequest
    case .unauthorized: .unauthorized
    case .notFound: .notFound
    case .methodNotAllowed: .methodNotAllowed
    case .timeout: .requestTimeout
    case .tooLarge: .contentTooLarge
    case .mediaType: .unsupportedMediaType
    case .validation, .empty, .tokenizer: .unprocessableContent
    case .backend: .init(code: 424, reasonPhrase: "Failed Dependency")
    case .overloaded: .tooManyRequests
    case .cancelled: .init(code: 499, reasonPhrase: "Client Closed Request")
    case .unhealthy: .serviceUnavailable
    default: .internalServerError
    }
  }

  /// The `error_type` of the answer: text-embeddings-inference's own where it has one.
  var errorType: String {
    switch code {
    case .malformed, .notFound, .methodNotAllowed, .timeout, .tooLarge, .mediaType, .validation:
      "Validation"
    case .empty: "Empty"
    case .tokenizer: "Tokenizer"
    case .backend: "Backend"
    case .overloaded: "Overloaded"
    case .unhealthy: "Unhealthy"
    case .unauthorized: "Unauthorized"
    case .cancelled: "Cancelled"
    default: "Internal"
    }
  }

  /// Whether the rest of the request is not worth reading, so that the connection is closed.
  var closesConnection: Bool { code == .tooLarge || code == .timeout }

  /// The answer `{"error": ..., "error_type": ...}` with the headers that its status asks for.
  var response: Response {
    var json = JSONWriter()
    json.object {
      $0.member("error", description)
      $0.member("error_type", errorType)
    }
    var response = Response(json: json, status: status)
    switch code {
    case .unauthorized: response.headers[.wwwAuthenticate] = "Bearer"
    case .overloaded, .unhealthy: response.headers[.retryAfter] = "1"
    default: break
    }
    if closesConnection { response.headers[.connection] = "close" }
    return response
  }
}

extension Response {
  /// An answer whose body is JSON.
  init(json: JSONWriter, status: HTTPResponse.Status = .ok) {
    self.init(
      status: status,
      headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes)))
  }

  /// An answer whose body is text of a media type.
  init(text: String, mediaType: String) {
    self.init(
      status: .ok,
      headers: [.contentType: mediaType],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
