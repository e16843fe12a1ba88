// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a classifier lowers, the same for all threads.
enum ClassifierLoss: Sendable {
  case softmax
  case oneVersusAll
  /// For each label its way to the root.
  case tree([[(decision: Int32, isRight: Bool)]])
  /// Wrong labels are drawn by their counts, so many for each right one.
  case negatives(NegativeSampler, count: Int)

  /// - Parameter counts: How often each label came.
  init(_ arguments: ModelArguments, counts: ArraySlice<Int64>) {
    self =
      switch arguments.loss {
      case .softmax: .softmax
      case .oneVersusAll: .oneVersusAll
      case .hierarchicalSoftmax: .tree(LabelTree(counts: counts).paths())
      case .negativeSampling:
        .negatives(NegativeSampler(counts: counts, first: 0), count: arguments.negatives)
      }
  }
}
