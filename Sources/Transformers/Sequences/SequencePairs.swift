// SPDX-License-Identifier: Apache-2.0

/// Pairs of a source row and a target row, packed in one order, for training and scoring.
///
/// Neither side is padded. Rows are sorted by source length, then target length, so that rows of like shape stand
/// next to each other on both sides.
public struct SequencePairs {
  /// The encoder's rows.
  public let source: PackedBatch
  /// The decoder's rows.
  public let target: PackedBatch

  /// Packs rows; as many targets, which the decoder is fed with, as sources.
  public init(
    sources: [[Int32]], targets: [[Int32]], for configuration: SequenceConfiguration
  ) throws {
    guard sources.count == targets.count else {
      throw TransformerError(
        .input, "\(sources.count) source rows and \(targets.count) target rows; expected as many")
    }
    let order = sources.indices.sorted {
      (sources[$0].count, targets[$0].count, $0) < (sources[$1].count, targets[$1].count, $1)
    }
    source = try PackedBatch(sources, configuration.rowRules(isTarget: false), order: order)
    target = try PackedBatch(targets, configuration.rowRules(isTarget: true), order: order)
  }
}
