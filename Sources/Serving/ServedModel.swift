// SPDX-License-Identifier: Apache-2.0

/// The model behind the server: text to tokens, and batches of tokens to vectors or probabilities.
///
/// The server calls ``tokenize(_:)`` from many tasks at once, and has at most ``lanes`` calls of ``embed(_:)``
/// and ``classify(_:languages:)`` under way together, so that an implementation with one lane may put
/// both on one dedicated thread. A batch arrives sorted by length, longest first, and
/// within the limits of ``BatchLimits``, which count real tokens: an implementation that pads
/// should run a batch of very different lengths in several passes.
///
/// A thrown ``ServingError`` reaches the caller as it is; any other error is logged and answered
/// with 424 and no detail.
public protocol ServedModel: Sendable {
  /// What the model is and what it can do; constant for the model's life.
  var info: ServedModelInfo { get }

  /// How many batches the model can take at once; 1 unless it says otherwise.
  var lanes: Int { get }

  /// A text of a language as the model is to see it: as it is unless the model says otherwise.
  ///
  /// Pure, and safe to call from any task in parallel.
  func read(_ text: String, language: String?) throws -> String

  /// The ids of a text, special tokens included, not truncated.
  ///
  /// Pure, and safe to call from any task in parallel. The text already carries its prefix.
  func tokenize(_ text: String) throws -> [Int32]

  /// One pooled sentence vector for each row, of ``ServedModelInfo/dimensions`` numbers.
  ///
  /// Need not be normalised: the server scales to length 1 where a request asks for it.
  func embed(_ batch: [[Int32]]) async throws -> [[Float]]

  /// The probabilities of ``ServedModelInfo/labels``, in their order, for each row.
  ///
  /// - Parameters:
  ///   - batch: The rows' token ids.
  ///   - languages: The language that the caller named for each row, or `nil` where none was named.
  func classify(_ batch: [[Int32]], languages: [String?]) async throws -> [[Float]]
}

extension ServedModel {
  /// One batch at a time.
  public var lanes: Int { 1 }

  /// The text as it is.
  public func read(_ text: String, language: String?) throws -> String { text }
}
