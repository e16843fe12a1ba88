// SPDX-License-Identifier: Apache-2.0

/// Where the server listens and how much it takes; every limit has a default.
public struct ServerConfiguration: Sendable, Equatable {
  /// The address to listen on; default `127.0.0.1`, which only this machine reaches.
  public var host: String = "127.0.0.1"
  /// The port to listen on, or 0 for any free one; default 8080.
  public var port: Int = 8080
  /// The largest request body in bytes; default 2,000,000.
  public var maximumBodyBytes: Int = 2_000_000
  /// How many texts one request may carry; default 256.
  public var maximumClientBatch: Int = 256
  /// The longest input in tokens; default `nil`, the model's own limit.
  ///
  /// A value above the model's limit has no effect.
  public var maximumLength: Int?
  /// How many requests are worked on or wait at a time before 429 is answered; default 512.
  public var maximumConcurrentRequests: Int = 512
  /// How batches are formed and how many rows may wait for one.
  public var batching: BatchLimits = BatchLimits()
  /// The bearer key that callers must show, `GET /` and `GET /health` excepted; default none.
  public var apiKey: String?
  /// How long a request's body may take to arrive before 408 is answered; default 30 s.
  public var bodyTimeout: Duration = .seconds(30)
  /// How long a connection may stay open without a request; default 75 s.
  public var idleTimeout: Duration = .seconds(75)
  /// How long, after the signal to stop, `/health` already answers 503 while new connections are
  /// still taken, so that a load balancer can look away; default none.
  public var drainDelay: Duration = .zero
  /// How long the requests under way may take after the signal to stop; default 30 s.
  public var gracePeriod: Duration = .seconds(30)
  /// The threads that read and write sockets; default 1, which leaves the cores to the model.
  public var eventLoopThreads: Int = 1

  /// A configuration of defaults.
  public init() {}

  /// Refuses settings that cannot work together.
  ///
  /// - Throws: ``ServingError`` of code ``ServingError/Code/configuration``, naming the setting.
  public func validate() throws(ServingError) {
    try Self.check(port, 0...65_535, "port")
    try Self.check(maximumBodyBytes, 1...Int.max, "maximumBodyBytes")
    try Self.check(maximumClientBatch, 1...Int.max, "maximumClientBatch")
    try Self.check(maximumLength ?? 1, 1...Int.max, "maximumLength")
    try Self.check(maximumConcurrentRequests, 1...Int.max, "maximumConcurrentRequests")
    try Self.check(eventLoopThreads, 1...1024, "eventLoopThreads")
    try Self.check(batching.maximumTokens, 1...Int.max, "batching.maximumTokens")
    try Self.check(batching.maximumRows, 1...Int.max, "batching.maximumRows")
    // A request larger than the whole queue would be told to come back later, for ever.
    try Self.check(
      batching.maximumQueuedRows, maximumClientBatch...Int.max, "batching.maximumQueuedRows")
    for (name, duration) in [
      ("bodyTimeout", bodyTimeout), ("idleTimeout", idleTimeout), ("drainDelay", drainDelay),
      ("gracePeriod", gracePeriod), ("batching.maximumWait", batching.maximumWait),
    ] where duration < .zero {
      throw ServingError(
        .configuration, "expected a duration of 0 or more, found \(duration)", at: name)
    }
    if let apiKey, apiKey.utf8.isEmpty {
      throw ServingError(
        .configuration, "expected a key of at least one byte, found an empty one", at: "apiKey")
    }
  }

  private static func check(
    _ value: Int, _ range: ClosedRange<Int>, _ name: String
  ) throws(ServingError) {
    guard !range.contains(value) else { return }
    let expected =
      range.upperBound == .max
      ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
    throw ServingError(.configuration, "expected \(expected), found \(value)", at: name)
  }
}
