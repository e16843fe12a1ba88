// SPDX-License-Identifier: Apache-2.0

import Torch

/// The weights of the epoch with the lowest development loss, and when to stop looking for a better one.
final class BestWeights {
  private let parameters: [Tensor]
  private let patience: Int?
  private(set) var kept: [Tensor] = []
  private var lowest: Double?
  private var misses = 0

  /// Keeps nothing when `patience` is nil.
  init(_ parameters: [Tensor], patience: Int?) {
    self.parameters = parameters
    self.patience = patience
  }

  /// Notes an epoch's loss; true when there have been more misses in a row than patience allows.
  func shouldStop(after loss: Double) throws(TorchError) -> Bool {
    guard let patience else { return false }
    if loss < lowest ?? .infinity {
      lowest = loss
      misses = 0
      kept = []
      for parameter in parameters { kept.append(try parameter.detached().clone()) }
      return false
    }
    misses += 1
    return misses >= patience
  }

  /// Puts the best epoch's weights back, if any were kept.
  func restore() throws(TorchError) {
    try GradientMode.disabled { () throws(TorchError) in
      for (best, parameter) in zip(kept, parameters) { try parameter.copy(from: best) }
    }
  }

  /// What a checkpoint keeps beside the weights.
  struct Record: Codable, Equatable {
    var lowest: Double?
    var misses: Int
    var isKept: Bool
  }

  var record: Record { Record(lowest: lowest, misses: misses, isKept: !kept.isEmpty) }

  /// Goes on from a checkpoint.
  func resume(_ record: Record, _ kept: [Tensor]) {
    (lowest, misses, self.kept) = (record.lowest, record.misses, kept)
  }
}
