// SPDX-License-Identifier: Apache-2.0

import Torch

/// An encoder with a head that scores each token as a span's start and as its end, as `*ForQuestionAnswering`.
public struct SpanExtractor {
  /// The encoder.
  public var encoder: Encoder
  private let output: Linear

  /// Builds encoder and head from the root of a task checkpoint.
  public init(_ scope: ParameterScope, _ configuration: EncoderConfiguration) throws {
    encoder = try Encoder(scope[configuration.family.prefix], configuration, withPooler: false)
    output = try Linear(scope["qa_outputs"], inputs: configuration.hiddenSize, outputs: 2)
  }

  /// Scores of each token as the first and as the last of the span, `[tokens]` both.
  public func logits(_ states: Tensor) throws(TorchError) -> (start: Tensor, end: Tensor) {
    let both = try output(states)  // [tokens, 2]
    return (try both.selected(1, 0), try both.selected(1, 1))
  }

  /// Half the mean cross-entropy of the starts plus half that of the ends, each over the tokens of its row.
  ///
  /// - Parameters:
  ///   - states: `[tokens, hidden]`.
  ///   - batch: the batch that they belong to.
  ///   - starts: for each row as given, the place of the span's first token in the row; -100 leaves the row out.
  ///   - ends: the place of its last token.
  public func loss(
    _ states: Tensor, _ batch: PackedBatch, starts: [Int], ends: [Int]
  ) throws -> Tensor {
    let (start, end) = try logits(states)
    return try Self.loss(start, batch, starts).adding(Self.loss(end, batch, ends))
      .multiplied(by: 0.5)
  }

  private static func loss(
    _ logits: Tensor, _ batch: PackedBatch, _ places: [Int]
  ) throws -> Tensor {
    guard places.count == batch.order.count else {
      throw TransformerError(
        .input, "\(places.count) spans for \(batch.order.count) rows; expected as many")
    }
    var sum: Tensor?
    var total = 0
    var first = 0
    for group in batch.groups {
      let targets = batch.order[first..<(first + group.rowCount)].map { places[$0] }
      first += group.rowCount
      if let place = targets.first(where: { $0 != -100 && !(0..<group.length).contains($0) }) {
        throw TransformerError(
          .input, "a span at token \(place) of a row of \(group.length) tokens")
      }
      let count = targets.count { $0 != -100 }
      if count == 0 { continue }
      let part = try logits.narrowed(
        0, start: group.start, length: group.rowCount * group.length
      ).reshaped([group.rowCount, group.length])
        .crossEntropy(Tensor(targets.map(Int64.init))).multiplied(by: Double(count))
      sum = try sum?.adding(part) ?? part
      total += count
    }
    guard let sum else {
      throw TransformerError(.input, "all spans are -100; expected at least one to learn from")
    }
    return try sum.multiplied(by: 1 / Double(total))
  }
}
