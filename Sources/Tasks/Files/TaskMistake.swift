// SPDX-License-Identifier: Apache-2.0

/// An example that was answered wrongly.
public struct TaskMistake: Sendable, Hashable {
  /// The example, as text.
  public var text: String
  /// What is true of it.
  public var gold: String
  /// What was answered.
  public var predicted: String
  /// How sure the model was, 0...1.
  public var confidence: Double
}
