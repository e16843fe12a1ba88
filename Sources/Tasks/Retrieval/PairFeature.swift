// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// Texts that are encoded each by itself and then compared: the first with the others.
public struct PairFeature<Target: Sendable>: TaskFeature {
  /// The row of the first text, then those of the others.
  public let rows: [TokenRow]
  /// What should come of the comparison; nil to predict.
  public let target: Target?

  init(_ first: String, _ others: [String], _ target: Target?, _ rows: RowEncoder) {
    self.rows = [rows.row(first)] + others.map(rows.row)
    self.target = target
  }
}

/// The vectors of two texts, of length one.
public struct VectorPair: Sendable, Hashable {
  /// The first text's.
  public let first: [Float]
  /// The second's.
  public let second: [Float]

  /// Their cosine.
  public var cosine: Double {
    zip(first, second).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
}

/// How a dual encoder makes a text's vector.
public struct VectorConfiguration: Codable, Equatable, Sendable {
  /// How tokens become one vector; their mean by default.
  public var pooling: Pooling
  /// The width of a linear map behind it; nil, the default, for none.
  public var projection: Int?
  /// What precedes first texts: queries.
  public var prefix: TextPrefix
  /// What precedes second texts: passages.
  public var pairPrefix: TextPrefix

  /// A configuration; without more, the mean over tokens and no prefixes.
  public init(
    pooling: Pooling = .mean, projection: Int? = nil, prefix: TextPrefix = .none,
    pairPrefix: TextPrefix = .none
  ) {
    self.pooling = pooling
    self.projection = projection
    self.prefix = prefix
    self.pairPrefix = pairPrefix
  }

  /// The map's parameters, `projection`, where there is one.
  func head(_ scope: ParameterScope, _ body: EncoderConfiguration) throws -> TaskHead {
    guard let projection else { return TaskHead() }
    return try TaskHead(scope, width: body.hiddenSize, outputs: projection, name: "projection")
  }

  /// One vector of length one per row, `[rows, width]`.
  func vectors(
    _ states: Tensor, _ batch: PackedBatch, _ head: TaskHead, dropout: Double = 0
  ) throws(TorchError) -> Tensor {
    try head(pooling(states, batch), dropout: dropout).normalized()
  }

  /// The vectors of the first two rows of each feature.
  func pairs<Feature>(
    _ states: Tensor, _ batch: TaskBatch<Feature>, _ head: TaskHead
  ) throws -> [VectorPair] {
    let rows = try vectors(states, batch.packed, head).rowElements()
    return batch.firstRows.map { VectorPair(first: rows[$0], second: rows[$0 + 1]) }
  }
}
