// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTPTypes
import Synchronization

/// Tells the work on a request when its caller has hung up.
///
/// A caller that closes only its sending side looks the same as one that is gone until something
/// is written; like Go's `net/http`, this takes both for gone.
final class HangUpWatch: Sendable {
  private struct Connection {
    var hasHungUp = false
    var actions: [UInt64: @Sendable () -> Void] = [:]
  }

  private struct State {
    var connections: [ObjectIdentifier: Connection] = [:]
    var lastAction: UInt64 = 0
  }

  private let state = Mutex(State())

  /// Runs work that is cancelled when the caller hangs up.
  func run<Value: Sendable>(
    on channel: any Channel, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let task = Task { try await work() }
    let action = add(ObjectIdentifier(channel)) { task.cancel() }
    defer { remove(action, ObjectIdentifier(channel)) }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }

  /// The handler that watches one connection.
  func makeHandler() -> any RemovableChannelHandler { Handler(watch: self) }

  /// How many connections are open.
  var connectionCount: Int { state.withLock { $0.connections.count } }

  private func add(_ id: ObjectIdentifier, _ action: @escaping @Sendable () -> Void) -> UInt64 {
    let (number, hasHungUp) = state.withLock { state in
      state.lastAction += 1
      state.connections[id]?.actions[state.lastAction] = action
      return (state.lastAction, state.connections[id]?.hasHungUp ?? false)
    }
    if hasHungUp { action() }
    return number
  }

  private func remove(_ action: UInt64, _ id: ObjectIdentifier) {
    state.withLock { _ = $0.connections[id]?.actions.removeValue(forKey: action) }
  }

  private func opened(_ id: ObjectIdentifier) {
    state.withLock { $0.connections[id] = Connection() }
  }

  private func hungUp(_ id: ObjectIdentifier, isClosed: Bool) {
    let actions = state.withLock { state in
      let actions = state.connections[id]?.actions ?? [:]
      state.connections[id]?.hasHungUp = true
      if isClosed { state.connections[id] = nil }
      return actions
    }
    for action in actions.values { action() }
  }

  private final class Handler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart

    private let watch: HangUpWatch

    init(watch: HangUpWatch) { self.watch = watch }

    func handlerAdded(context: ChannelHandlerContext) {
      let id = ObjectIdentifier(context.channel)
      watch.opened(id)
      // Not channelInactive: a channel that fails while it is set up never becomes active.
      context.channel.closeFuture.whenComplete { [watch] _ in watch.hungUp(id, isClosed: true) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if let event = event as? ChannelEvent, event == .inputClosed {
        watch.hungUp(ObjectIdentifier(context.channel), isClosed: false)
      }
      context.fireUserInboundEventTriggered(event)
    }
  }
}
