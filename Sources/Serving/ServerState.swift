// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What the server is doing: starting, ready or draining, and how many requests are under way.
final class ServerState: Sendable {
  private struct State {
    var engine: ServingEngine?
    var isDraining = false
    var underWay = 0
  }

  private let state = Mutex(State())
  private let maximumRequests: Int

  /// A server that is starting.
  init(maximumRequests: Int) { self.maximumRequests = maximumRequests }

  /// The model is there: the server is ready.
  func becomeReady(with engine: ServingEngine) { state.withLock { $0.engine = engine } }

  /// The signal to stop came: callers are to look elsewhere.
  func beginDraining() { state.withLock { $0.isDraining = true } }

  /// The engine, once the model is loaded, whether or not the server drains.
  var engine: ServingEngine? { state.withLock { $0.engine } }

  /// Whether the signal to stop has come.
  var isDraining: Bool { state.withLock { $0.isDraining } }

  /// How many requests for work are under way.
  var requestsUnderWay: Int { state.withLock { $0.underWay } }

  /// Whether new callers should come here.
  ///
  /// - Throws: ``ServingError`` of code `unhealthy` while starting or draining.
  func checkHealth() throws(ServingError) {
    _ = try loaded()
    if isDraining { throw Self.draining }
  }

  /// The engine, once the model is there.
  ///
  /// - Throws: ``ServingError`` of code `unhealthy` while starting.
  func loaded() throws(ServingError) -> ServingEngine {
    guard let engine else {
      throw ServingError(.unhealthy, "the server is starting: its model is being loaded")
    }
    return engine
  }

  /// Counts a request for work in; ``leave()`` counts it out.
  ///
  /// A draining server still works on what reaches it: its door closes, so that nothing new does,
  /// and a request that was sent before the caller could know must not fail.
  ///
  /// - Throws: ``ServingError`` of code `unhealthy` while starting, or `overloaded`.
  func enter() throws(ServingError) -> ServingEngine {
    let engine = try loaded()
    let entered = state.withLock { state in
      guard state.underWay < maximumRequests else { return false }
      state.underWay += 1
      return true
    }
    guard entered else {
      throw ServingError(
        .overloaded,
        "\(maximumRequests) requests are under way, which is all that this server takes at a time; "
          + "try again later")
    }
    return engine
  }

  /// Counts a request for work out.
  func leave() { state.withLock { $0.underWay -= 1 } }

  /// What health checks are told while the server drains, and requests that are still unanswered
  /// when the grace period ends.
  static let draining = ServingError(
    .unhealthy, "the server is stopping; ask another one")
}
