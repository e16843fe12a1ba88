// SPDX-License-Identifier: Apache-2.0

import Torch

/// The mean vector of each language, to be taken away from its text's vectors.
///
/// Much of what multilingual encoders put into a vector says which language it is in. It is nearly the
/// same for all text of a language, so the mean carries it off (Libovický et al. 2020). Only text is
/// needed, no labels and no translations.
public struct LanguageCenters {
  /// The means by language, each `[width]`.
  public private(set) var centers: [String: Tensor]

  /// Means that were kept.
  public init(_ centers: [String: Tensor] = [:]) {
    self.centers = centers
  }

  /// Learns a language's mean from vectors of some of its text, `[rows, width]`; a hundred are enough.
  public mutating func learn(_ language: String, from vectors: Tensor) throws(TorchError) {
    centers[language] = try vectors.mean([0])
  }

  /// Vectors without their language's mean; those of a language that is not known stay as they are.
  public func centered(_ vectors: Tensor, language: String) throws(TorchError) -> Tensor {
    guard let center = centers[language] else { return vectors }
    return try vectors.subtracting(center)
  }
}
