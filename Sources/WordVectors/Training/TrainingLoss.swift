// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a classifier lowers: moves the output matrix by one example and says how the text's vector should move.
struct TrainingLoss {
  private enum Kind {
    case softmax
    case oneVersusAll
    case tree([[(decision: Int32, isRight: Bool)]])
  }

  private let kind: Kind
  private let output: ParameterStore
  private let labelCount: Int
  private let scores: FloatBuffer

  /// - Parameter counts: How often each label came.
  init(
    _ loss: ModelArguments.Loss, output: ParameterStore, counts: ArraySlice<Int64>
  ) throws(WordVectorError) {
    kind =
      switch loss {
      case .softmax: .softmax
      case .oneVersusAll: .oneVersusAll
      case .hierarchicalSoftmax: .tree(LabelTree(counts: counts).paths())
      case .negativeSampling:
        throw WordVectorError(
          .unsupported, "classifiers are not trained with negative sampling here",
          hint: "choose softmax, hs or ova")
      }
    self.output = output
    labelCount = counts.count
    scores = FloatBuffer(count: counts.count)
  }

  /// Takes a step for a text and returns its loss.
  ///
  /// - Parameters:
  ///   - labels: Its labels; with `ova` all count, else the one drawn.
  ///   - gradient: What the text's vector should move by is added to it.
  func step(
    _ hidden: UnsafePointer<Float>, labels: UnsafeMutableBufferPointer<Int32>, drawn: Int32,
    rate: Float, gradient: UnsafeMutablePointer<Float>
  ) -> Float {
    switch kind {
    case .softmax: return softmax(hidden, Int(drawn), rate, gradient)
    case .oneVersusAll:
      var loss: Float = 0
      for label in 0..<labelCount {
        let isTrue = labels.contains(Int32(label))
        loss += logistic(hidden, label, isTrue, rate, gradient)
      }
      return loss
    case .tree(let paths):
      var loss: Float = 0
      for (decision, isRight) in paths[Int(drawn)] {
        loss += logistic(hidden, Int(decision), isRight, rate, gradient)
      }
      return loss
    }
  }

  private func softmax(
    _ hidden: UnsafePointer<Float>, _ label: Int, _ rate: Float,
    _ gradient: UnsafeMutablePointer<Float>
  ) -> Float {
    let columns = output.columns
    var largest = -Float.infinity
    for index in 0..<labelCount {
      let score = VectorArithmetic.dot(hidden, output.row(index), columns)
      scores.start[index] = score
      largest = max(largest, score)
    }
    var total: Float = 0
    for index in 0..<labelCount {
      let power = exp(scores.start[index] - largest)
      scores.start[index] = power
      total += power
    }
    for index in 0..<labelCount {
      let probability = scores.start[index] / total
      let scale = rate * ((index == label ? 1 : 0) - probability)
      VectorArithmetic.exchange(output.row(index), hidden, gradient, times: scale, columns)
    }
    return -log(max(scores.start[label] / total, 1e-20))
  }

  private func logistic(
    _ hidden: UnsafePointer<Float>, _ row: Int, _ isTrue: Bool, _ rate: Float,
    _ gradient: UnsafeMutablePointer<Float>
  ) -> Float {
    let columns = output.columns
    let probability = sigmoid(VectorArithmetic.dot(hidden, output.row(row), columns))
    let scale = rate * ((isTrue ? 1 : 0) - probability)
    VectorArithmetic.exchange(output.row(row), hidden, gradient, times: scale, columns)
    return -log(max(isTrue ? probability : 1 - probability, 1e-20))
  }
}
