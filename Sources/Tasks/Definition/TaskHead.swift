// SPDX-License-Identifier: Apache-2.0

import Torch
import Transformers

/// A linear map from states to scores, after a layer with tanh where one is wanted.
///
/// Names are Hugging Face's: `classifier` or `qa_outputs`; with the layer, `classifier.dense` and `classifier.out_proj`.
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
  public init() {
    dense = nil
    output = nil
  }

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

  /// The scores of some states.
  public func callAsFunction(_ input: Tensor, dropout: Double = 0) throws(TorchError) -> Tensor {
    guard let output else { return input }
    var states = try input.dropout(dropout)
    if let dense { states = try dense(states, activation: .tanh).dropout(dropout) }
    return try output(states)
  }
}
