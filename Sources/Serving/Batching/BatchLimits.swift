// SPDX-License-Identifier: Apache-2.0

/// How batches are formed, and how much may wait for one.
public struct BatchLimits: Sendable, Equatable {
  /// The most tokens in a batch, padding not counted; default 16,384.
  ///
  /// A row that is longer than this forms a batch of its own, so that nothing waits for ever.
  public var maximumTokens: Int = 16_384
  /// The most rows in a batch; default 256.
  public var maximumRows: Int = 256
  /// The most rows that may wait before new requests are answered with 429; default 8,192.
  public var maximumQueuedRows: Int = 8_192
  /// How long an idle model waits for more rows before it starts; default none.
  ///
  /// Without a wait the first row starts at once and what arrives meanwhile forms the next batch,
  /// so that batches grow with the load on their own. A wait pays only where a batch of one costs
  /// as much as a full one.
  public var maximumWait: Duration = .zero

  /// Limits of defaults.
  public init() {}
}
