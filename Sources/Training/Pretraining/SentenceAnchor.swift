// SPDX-License-Identifier: Apache-2.0

import Tasks
import Torch
import Transformers

/// Says where the vectors of texts should be while something else is learned beside it: where they were, or where the source language is.
///
/// The loss is the squared distance of a text's vector, of length one, to the vector that the body gave it before training, when nothing of it
/// was hidden, over the mean squared distance of those vectors to their mean: the share lost of what tells texts apart. It keeps what
/// a body knows of meaning, that of a sentence encoder above all, from being traded for what words are likely (learning without
/// forgetting; Li and Hoiem, 2018).
///
/// With text of a source language, vectors are moved there first, by the difference of the two languages' means. Much of what tells the
/// vectors of two languages apart is the same for all texts (Libovický and others, 2020), so that an adapter which learns to leave it out
/// makes texts of its language look like the source's to what is trained above. It takes texts of much the same kind in both.
public struct SentenceAnchor {
  private let vectors: Tensor
  private let pooling: Pooling
  private let weight: Double
  /// The mean squared distance of ``vectors`` to their mean.
  private let spread: Double

  /// The vectors of rows as they are now, or moved to where a source language's are.
  ///
  /// - Parameters:
  ///   - rows: token ids.
  ///   - base: the body as it is to be remembered.
  ///   - weight: what the loss is multiplied with.
  ///   - source: rows of the source language, to whose mean vectors are moved; nil, the default, leaves them where they are.
  public init(
    _ rows: [[Int32]], _ base: TextEncoder, weight: Double, source: [[Int32]]? = nil
  ) throws {
    let own = try base.embed(rows)  // [rows, width]
    if let source, !source.isEmpty {
      let shift = try base.embed(source).mean([0]).subtracting(own.mean([0]))  // [width]
      vectors = try own.adding(shift).normalized()
    } else {
      vectors = own
    }
    let squares = try vectors.subtracting(vectors.mean([0])).power(2).sum([1]).mean().item()
    guard squares > 1e-9 else {
      throw TrainingError(
        .plan,
        "an anchor needs texts whose vectors differ, found \(rows.count) rows that are all alike")
    }
    spread = squares
    (self.pooling, self.weight) = (base.pooling, weight)
  }

  /// The weighted mean loss of the rows of a batch.
  ///
  /// - Parameters:
  ///   - states: the last states of its tokens, `[tokens, hidden]`.
  ///   - batch: the batch.
  ///   - rows: which of the rows they are.
  func loss(
    _ states: Tensor, _ batch: PackedBatch, _ rows: [Int]
  ) throws(TorchError) -> Tensor {
    let now = try pooling(states, batch).normalized()  // [rows, width]
    let wanted = try vectors.gathered(0, Tensor(rows.map(Int64.init)))
    return try now.subtracting(wanted).power(2).sum([1]).mean().multiplied(by: weight / spread)
  }
}
