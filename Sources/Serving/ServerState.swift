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

  /// The signal to stop came: no new work is taken.
  func beginDraining() { state.withLock { $0.isDraining = true } }

  /// The engine, once the model is loaded, whether or not the server drains.
  var engine: ServingEngine? { state.withLock { $0.engine } }

  /// Whether the signal to stop has come.
  var isDraining: Bool { state.withLock { $0.isDraining } }

  /// How many requests for work are under way.
  var requestsUnderWay: Int { state.withLock { $0.underWay } }

  /// The engine of a server that takes work.
  ///
  /// - Throws: ``ServingError`` of code `unhealthy` while starting or draining.
  func ready() throws(ServingError) -> ServingEngine {
    let (engine, isDraining) = state.withLock { ($0.engine, $0.isDraining) }
    if isDraining { throw Self.draining }
    guard let engine else {
      throw ServingError(.unhealthy, "the server is starting: its model is being loaded")
    }
    return engine
  }

  /// Counts a request for work in; ``leave()`` counts it out.
  ///
  /// - Throws: ``ServingError`` of code `unhealthy` or `overloaded`.
  func enter() throws(ServingError) -> ServingEngine {
    let engine = try ready()
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

  /// What requests are told that come, or are still unanswered, when the server stops.
  static let draining = ServingError(
    .unhealthy, "the server is stopping and takes no more work; ask another one")
}
