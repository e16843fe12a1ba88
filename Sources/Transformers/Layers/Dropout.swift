// SPDX-License-Identifier: Apache-2.0

/// Probabilities of dropping an element, used in training only.
public struct Dropout: Sendable, Equatable {
  /// After embeddings and after each sublayer.
  public var hidden: Double
  /// On attention weights; above zero it rules out the engine's flash kernel, which is faster.
  public var attention: Double
  /// Inside the feed-forward network, after its activation.
  public var activation: Double

  /// Probabilities for states, attention weights and the inside of feed-forward networks.
  public init(hidden: Double = 0, attention: Double = 0, activation: Double = 0) {
    self.hidden = hidden
    self.attention = attention
    self.activation = activation
  }

  /// No dropout: what inference uses.
  public static let none = Dropout()
}
