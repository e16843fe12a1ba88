// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A TCP connection that sends what a test says, however wrong, and keeps what comes back.
final class RawConnection: Sendable {
  struct Response: Sendable {
    var status: Int
    var head: String
    var body: String
  }

  private struct Inbox {
    var bytes: [UInt8] = []
    var isClosed = false
  }

  private final class Collector: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    let inbox = Mutex(Inbox())

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let bytes = unwrapInboundIn(data).readableBytesView
      inbox.withLock { $0.bytes += bytes }
    }

    func channelInactive(context: ChannelHandlerContext) {
      inbox.withLock { $0.isClosed = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      inbox.withLock { $0.isClosed = true }
      context.close(promise: nil)
    }
  }

  private let channel: any Channel
  private let collector: Collector

  private init(channel: any Channel, collector: Collector) {
    self.channel = channel
    self.collector = collector
  }

  static func open(port: Int) async throws -> RawConnection {
    let collector = Collector()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { $0.pipeline.addHandler(collector) }
      .connect(host: "127.0.0.1", port: port).get()
    return RawConnection(channel: channel, collector: collector)
  }

  /// A request with a JSON body and its length.
  static func post(_ path: String, _ body: String, headers: String = "") -> String {
    "POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n\(headers)"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  var isClosed: Bool { collector.inbox.withLock { $0.isClosed } }

  func send(_ text: String) async throws {
    try await channel.writeAndFlush(ByteBuffer(string: text)).get()
  }

  /// The next response, taken out of what has come.
  func response() async throws -> Response {
    var found: Response?
    try await eventually("a response") {
      found = collector.inbox.withLock { Self.takeResponse(&$0.bytes) }
      if found == nil, isClosed { throw NeverHappened(description: "a response before the end") }
      return found != nil
    }
    guard let found else { throw NeverHappened(description: "a response") }
    return found
  }

  func close() async { try? await channel.close().get() }

  private static func takeResponse(_ bytes: inout [UInt8]) -> Response? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let end = text.range(of: "\r\n\r\n") else { return nil }
    let head = String(text[..<end.lowerBound])
    let lines = head.split(separator: "\r\n")
    let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    let length =
      lines.first { $0.lowercased().hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst("content-length:".count).filter { $0 != " " }) } ?? 0
    let start = head.utf8.count + 4
    guard bytes.count >= start + length else { return nil }
    let body = String(decoding: bytes[start..<start + length], as: UTF8.self)
    bytes.removeFirst(start + length)
    return Response(status: status, head: head, body: body)
  }
}
