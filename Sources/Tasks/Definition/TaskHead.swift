// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// A linear map from states to scores, after a layer with tanh where one is wanted.
///
/// Names are Hugging Face's, so that heads of published checkpoints are read as they are: `classifier` or `qa_outputs`; with the
/// layer, `classifier.dense` and `classifier.out_proj`, of BERT `bert.pooler.dense` and `classifier`.
///
/// # Shapes
/// | tensor | shape |
/// |---|---|
/// | input | `[items, hidden]` |
/// | output | `[items, outputs]`, or the input itself without a map |
public struct TaskHead {
  private let dense: Linear?
  private let output: Linear?

  /// A head that changes nothing.
  public init() { self.init(nil, nil) }

  /// A head on states of a width.
  ///
  /// - Parameters:
  ///   - scope: where its parameters are.
  ///   - width: the states' width.
  ///   - outputs: scores per item.
  ///   - hasDense: whether a layer with tanh of the same width stands before the map, as in RoBERTa's classifiers.
  ///   - name: the head's name in the scope.
  public init(
    _ scope: ParameterScope, width: Int, outputs: Int, hasDense: Bool = false,
    name: String = "classifier"
  ) throws {
    dense = hasDense ? try Linear(scope[name, "dense"], inputs: width, outputs: width) : nil
    output = try Linear(
      hasDense ? scope[name, "out_proj"] : scope[name], inputs: width, outputs: outputs)
  }

  /// A head on one vector per row of a body, named as that body's family names it.
  ///
  /// - Parameters:
  ///   - scope: where its parameters are.
  ///   - body: the body.
  ///   - outputs: scores per row.
  ///   - hasDense: whether a layer with tanh of the same width stands before the map.
  public init(
    _ scope: ParameterScope, _ body: EncoderConfiguration, outputs: Int, hasDense: Bool
  ) throws {
    let pooler = scope["bert", "pooler", "dense"]
    guard hasDense, body.family == .bert, pooler.contains("weight") else {
      try self.init(scope, width: body.hiddenSize, outputs: outputs, hasDense: hasDense)
      return
    }
    self.init(
      try Linear(pooler, inputs: body.hiddenSize, outputs: body.hiddenSize),
      try Linear(scope["classifier"], inputs: body.hiddenSize, outputs: outputs))
  }

  private init(_ dense: Linear?, _ output: Linear?) {
    self.dense = dense
    self.output = output
  }

  /// The scores of some states.
  public func callAsFunction(_ input: Tensor, dropout: Double = 0) throws(TorchError) -> Tensor {
    guard let output else { return input }
    var states = try input.dropout(dropout)
    if let dense { states = try dense(states, activation: .tanh).dropout(dropout) }
    return try output(states)
  }
}
