// SPDX-License-Identifier: Apache-2.0

import Torch

extension SequenceToSequenceModel {
  /// The index that marks labels to leave out of a loss.
  public static let ignoredLabel: Int32 = -100

  /// The mean cross-entropy of target pieces, given the pieces before them.
  ///
  /// - Parameters:
  ///   - sources: token ids with their special tokens.
  ///   - labels: token ids that end in the end piece; -100 is left out, so rows may be padded with it.
  ///   - labelSmoothing: the share of probability spread over all pieces; 0 by default.
  ///   - dropout: probabilities of dropping elements; none by default.
  /// - Returns: a scalar, the mean over all labels that count.
  public func loss(
    sources: [[Int32]], labels: [[Int32]], labelSmoothing: Double = 0, dropout: Dropout = .none
  ) throws -> Tensor {
    let kept = labels.map(Self.withoutPadding)
    guard kept.contains(where: { $0.contains { $0 != Self.ignoredLabel } }) else {
      throw TransformerError(.input, "all labels are -100; expected at least one to learn from")
    }
    let size = configuration.targetVocabularySize
    for label in kept.joined() where label != Self.ignoredLabel && !(0..<size).contains(Int(label))
    {
      throw TransformerError(
        .input, "label \(label) is outside the model's vocabulary of \(size)")
    }
    let pairs = try SequencePairs(
      sources: sources, targets: decoderInputs(for: kept), for: configuration)
    let states = try decode(pairs, memory: encode(pairs.source, dropout: dropout), dropout: dropout)
    let targets = pairs.target.order.flatMap { kept[$0].map(Int64.init) }
    return try logits(states).crossEntropy(
      Tensor(targets), labelSmoothing: labelSmoothing, ignoredIndex: Int(Self.ignoredLabel))
  }

  /// What the decoder is fed with to learn some labels: its start piece, then all labels but the last.
  ///
  /// -100 becomes the padding's id.
  public func decoderInputs(for labels: [[Int32]]) -> [[Int32]] {
    labels.map { row in
      [Int32(configuration.startID)]
        + row.dropLast().map { $0 == Self.ignoredLabel ? Int32(configuration.paddingID) : $0 }
    }
  }

  /// A row of labels without what is ignored at its end; one label always stays.
  private static func withoutPadding(_ row: [Int32]) -> [Int32] {
    let last = row.lastIndex { $0 != ignoredLabel } ?? 0
    return row.isEmpty ? [ignoredLabel] : Array(row[...last])
  }
}
