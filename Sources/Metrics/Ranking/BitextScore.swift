// SPDX-License-Identifier: Apache-2.0

/// How well the sentences of one language find their translations in another, as MTEB measures it.
///
/// Each target is a class of which there is one: recall is 1 where its own source found it, precision one over the number of
/// sources that did. The score is the mean of the classes' F1, so that a target that is found for many sources counts little.
///
/// Source: Muennighoff and others, "MTEB: Massive Text Embedding Benchmark", 2023, bitext mining; scikit-learn's weighted F1.
public struct BitextScore: Sendable, Equatable {
  /// Each class's F1.
  public let parts: [Double]

  /// The score of what was found: for each source the number of a target, where its own has its own number.
  public init(found: [Int]) {
    var counts: [Int: Int] = [:]
    for target in found { counts[target, default: 0] += 1 }
    parts = found.enumerated().map { source, target in
      source == target ? 2 / Double(1 + counts[target, default: 1]) : 0
    }
  }

  /// The mean over classes; 0 for none.
  public var f1: Double { parts.isEmpty ? 0 : parts.reduce(0, +) / Double(parts.count) }
}
