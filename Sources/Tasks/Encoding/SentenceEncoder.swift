// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch
import Transformers

/// Text in, one vector per text out, whatever is inside: a pretrained network (``TextEncoder``) or vectors of words
/// (``StaticEncoder``).
///
/// Between the two stands a text as numbers, `rows`, so that a server can count and batch them. Not `Sendable`: an encoder lives
/// on the compute thread. ``tokenize`` may be used anywhere.
public protocol SentenceEncoder: AnyObject {
  /// The directory that it was read from.
  var directory: URL { get }
  /// Numbers in a vector.
  var width: Int { get }
  /// What precedes each text.
  var prefix: TextPrefix { get }
  /// The most numbers of a text; what is longer is cut.
  var maximumLength: Int { get }
  /// How many different numbers a text may have.
  var vocabularySize: Int { get }
  /// The numbers of a text, uncut, without the prefix.
  var tokenize: @Sendable (String) -> [Int32] { get }

  /// The numbers of texts, prefixed, cut to ``maximumLength`` or to less.
  func rows(_ texts: [String], maximumLength limit: Int?) -> [[Int32]]

  /// Makes ready for ``embed(_:languages:normalized:progress:)`` from several lanes at once.
  func prepare() throws

  /// One vector per row, `[rows, width]`; of length one where `normalized`.
  ///
  /// - Parameters:
  ///   - languages: each row's language where it is known; an encoder that needs none does not ask.
  ///   - progress: is told of the tokens of each batch.
  func embed(
    _ rows: [[Int32]], languages: [String?], normalized: Bool, progress: (Int) -> Void
  ) throws -> Tensor
}

extension SentenceEncoder {
  /// The numbers of texts, cut to ``maximumLength``.
  public func rows(_ texts: [String]) -> [[Int32]] { rows(texts, maximumLength: nil) }

  /// One vector of length one per row, all of one language or of languages that are not known.
  public func embed(
    _ rows: [[Int32]], language: String?, progress: (Int) -> Void = { _ in }
  ) throws -> Tensor {
    try embed(
      rows, languages: [String?](repeating: language, count: rows.count), normalized: true,
      progress: progress)
  }
}

/// Encoders by what their directories hold.
public enum SentenceEncoders {
  /// Opens a directory: of word vectors where it has a ``StaticEncoder/manifestFile``, else of a network.
  ///
  /// - Parameters:
  ///   - prefix: what precedes each text; word vectors want none.
  ///   - maximumLength: the most tokens of a text; nil for as many as the encoder takes.
  ///   - isQuantized: whether a network computes with weights of 8 bits; false by default.
  /// - Throws: `TransformerError` where word vectors are to be quantised.
  public static func open(
    _ directory: URL, prefix: TextPrefix = .query, pooling: Pooling = .mean,
    maximumLength: Int? = nil, isQuantized: Bool = false
  ) throws -> any SentenceEncoder {
    guard isStatic(directory) else {
      return try TextEncoder(
        directory: directory, prefix: prefix, pooling: pooling, maximumLength: maximumLength,
        isQuantized: isQuantized)
    }
    if isQuantized {
      throw TransformerError(
        .configuration,
        "expected a network to compute with in int8, found word vectors; leave int8 out",
        at: directory.path)
    }
    return try StaticEncoder(directory: directory, maximumLength: maximumLength)
  }

  /// Whether a directory holds word vectors.
  public static func isStatic(_ directory: URL) -> Bool {
    FileManager.default.fileExists(
      atPath: directory.appendingPathComponent(StaticEncoder.manifestFile).path)
  }

  /// Whether a file of this name in a model directory has a part in what an encoder says.
  public static func reads(_ name: String) -> Bool {
    TextEncoder.reads(name) || StaticEncoder.reads(name)
  }
}
