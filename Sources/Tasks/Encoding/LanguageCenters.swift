// SPDX-License-Identifier: Apache-2.0

import Torch

/// The mean vector of each language, to be taken away from its text's vectors.
///
/// Much of what multilingual encoders put into a vector says which language it is in. It is nearly the
/// same for all text of a language, so the mean carries it off (Libovický and others, 2020). Only text is
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

  /// Moves a language's mean, so that its vectors come to lie by as much elsewhere without it.
  public mutating func move(_ language: String, by shift: Tensor) throws(TorchError) {
    centers[language] = try centers[language].map { (center) throws(TorchError) in
      try center.subtracting(shift)
    }
  }

  /// Vectors without their language's mean; those of a language that is not known stay as they are.
  public func centered(_ vectors: Tensor, language: String) throws(TorchError) -> Tensor {
    guard let center = centers[language] else { return vectors }
    return try vectors.subtracting(center)
  }

  /// The languages whose means are known, sorted.
  public var languages: [String] { centers.keys.sorted() }

  /// Vectors `[rows, width]`, each without the mean of its own language.
  ///
  /// A row whose language is not given, or is not known, gets the mean that lies nearest to it: vectors say
  /// which language they are in, that is why they are centred at all.
  public func centered(_ vectors: Tensor, languages: [String?]) throws(TorchError) -> Tensor {
    let names = self.languages
    guard !names.isEmpty else { return vectors }
    var means: [Tensor] = []
    for name in names {
      if let center = centers[name] { means.append(center) }
    }
    let table = try Tensor.stacked(means)  // [languages, width]
    // |v - c|² = |v|² - 2 v·c + |c|², and |v|² is the same for all.
    let offsets = try table.multiplied(by: table).sum([1]).multiplied(by: 0.5)
    let nearest = try vectors.matmul(table.transposed()).subtracting(offsets).argmax(1)
      .elements(as: Int64.self)
    let places = languages.enumerated().map { row, language in
      language.flatMap(names.firstIndex(of:)).map(Int64.init) ?? nearest[row]
    }
    return try vectors.subtracting(table.gathered(0, Tensor(places)))
  }
}
