// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

extension Tensor {
  /// The elements of each row of a matrix.
  func rowElements() throws(TorchError) -> [[Float]] {
    let width = shape[1]
    let all = try elements(as: Float.self)
    return (0..<shape[0]).map { Array(all[$0 * width..<($0 + 1) * width]) }
  }
}

/// Probabilities of scores.
func softmax(_ scores: [Float]) -> [Float] {
  let greatest = scores.max() ?? 0
  let parts = scores.map { exp(Double($0 - greatest)) }
  let sum = parts.reduce(0, +)
  return parts.map { Float($0 / sum) }
}

extension [Float] {
  /// The place of the largest number; the first of equals, 0 for none.
  var firstMaximum: Int { indices.reduce(0) { self[$1] > self[$0] ? $1 : $0 } }
}
