// SPDX-License-Identifier: Apache-2.0

/// Rows put into batches of like length with at most so many tokens each.
///
/// Rows of like length make few attention groups, and a bound on tokens, not rows, keeps the memory and
/// time of a batch even.
public struct TokenBatches: Sequence, Sendable {
  /// Enough tokens to keep matrix products efficient, few enough to stay in the processor's caches.
  public static let defaultTokenLimit = 2048

  /// Without gradients, what a layer holds of so many tokens stays in a core's own cache.
  public static let inferenceTokenLimit = 512

  /// The batches: indices of rows, longest rows first, so that a lack of memory shows at once.
  public let batches: [[Int]]

  /// Batches of rows with these lengths; a row longer than the limit makes a batch of its own.
  public init(lengths: [Int], tokenLimit: Int = Self.defaultTokenLimit) {
    let order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    var batches: [[Int]] = []
    var current: [Int] = []
    var tokens = 0
    for index in order {
      if !current.isEmpty, tokens + lengths[index] > tokenLimit {
        batches.append(current)
        current = []
        tokens = 0
      }
      current.append(index)
      tokens += lengths[index]
    }
    if !current.isEmpty { batches.append(current) }
    self.batches = batches
  }

  /// Goes through the batches.
  public func makeIterator() -> IndexingIterator<[[Int]]> { batches.makeIterator() }
}
