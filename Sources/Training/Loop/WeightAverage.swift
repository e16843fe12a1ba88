// SPDX-License-Identifier: Apache-2.0

import Torch

/// The mean of parameters over steps (tail averaging; stochastic weight averaging, Izmailov and others, 2018).
final class WeightAverage {
  private let parameters: [Tensor]
  private(set) var means: [Tensor] = []
  private(set) var count = 0

  init(_ parameters: [Tensor]) {
    self.parameters = parameters
  }

  /// Takes the parameters as they are now into the mean.
  func add() throws(TorchError) {
    try GradientMode.disabled { () throws(TorchError) in
      count += 1
      guard count > 1 else {
        for parameter in parameters { means.append(try parameter.clone()) }
        return
      }
      for (mean, parameter) in zip(means, parameters) {
        try mean.add(parameter.subtracting(mean), scale: 1 / Double(count))
      }
    }
  }

  /// Goes on from a checkpoint.
  func restore(_ means: [Tensor], count: Int) {
    (self.means, self.count) = (means, count)
  }

  /// Puts the mean in the parameters' place; nothing happens before the first ``add()``.
  func apply() throws(TorchError) {
    try GradientMode.disabled { () throws(TorchError) in
      for (mean, parameter) in zip(means, parameters) { try parameter.copy(from: mean) }
    }
  }
}

/// Parameters as they were, to be pulled back to.
final class WeightAnchor {
  private let parameters: [Tensor]
  private let origins: [Tensor]

  init(_ parameters: [Tensor]) throws(TorchError) {
    self.parameters = parameters
    var origins: [Tensor] = []
    for parameter in parameters { origins.append(try parameter.detached().clone()) }
    self.origins = origins
  }

  /// Moves each parameter by `share` of its way back.
  func pull(_ share: Double) throws(TorchError) {
    guard share > 0 else { return }
    try GradientMode.disabled { () throws(TorchError) in
      for (origin, parameter) in zip(origins, parameters) {
        try parameter.add(origin.subtracting(parameter), scale: share)
      }
    }
  }
}
