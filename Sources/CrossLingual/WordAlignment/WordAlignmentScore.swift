// SPDX-License-Identifier: Apache-2.0

/// How good alignments are beside references (Och and Ney, 2003), counted over all sentences.
///
/// With found links A, sure links S and possible links P ⊇ S: precision |A∩P| / |A|, recall |A∩S| / |S|, and the alignment error rate
/// 1 - (|A∩S| + |A∩P|) / (|A| + |S|). F1 is of that precision and recall.
public struct WordAlignmentScore: Sendable, Equatable {
  /// Links that were found.
  public private(set) var found = 0
  /// Sure links.
  public private(set) var sure = 0
  /// Sure links that were found.
  public private(set) var foundSure = 0
  /// Possible links that were found.
  public private(set) var foundPossible = 0
  /// Sentence pairs.
  public private(set) var count = 0

  /// A score of nothing.
  public init() {}

  /// Counts a pair's alignment beside its reference.
  public mutating func add(_ alignment: WordAlignment, reference: ReferenceAlignment) {
    count += 1
    found += alignment.links.count
    sure += reference.sure.count
    foundSure += alignment.links.count(where: reference.sure.contains)
    foundPossible += alignment.links.count(where: reference.possible.contains)
  }

  /// The share of found links that are possible; 0 without links.
  public var precision: Double { Self.ratio(foundPossible, found) }
  /// The share of sure links that were found; 0 without sure links.
  public var recall: Double { Self.ratio(foundSure, sure) }
  /// The harmonic mean of precision and recall.
  public var f1: Double {
    let sum = precision + recall
    return sum > 0 ? 2 * precision * recall / sum : 0
  }
  /// The alignment error rate; 0 where there is nothing to find and nothing was found.
  public var errorRate: Double {
    found + sure == 0 ? 0 : 1 - Self.ratio(foundSure + foundPossible, found + sure)
  }

  private static func ratio(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }
}
