// SPDX-License-Identifier: Apache-2.0

/// How well alignments of documents fit those that are known: strictly, where both sides must be the same, and laxly, where something of both sides must be.
///
/// Counted as vecalign's `score.py` does: precision over all that was found and recall over what is known without sentences that are left
/// out; a sentence that was rightly left out counts for strict precision.
public struct SentenceAlignmentScore: Sendable, Hashable, Codable {
  /// Counts of one measure.
  public struct Counts: Sendable, Hashable, Codable {
    /// Alignments that were found and are right.
    public var correctFound = 0
    /// Alignments that were found.
    public var found = 0
    /// Alignments that are known and were found.
    public var correctGold = 0
    /// Alignments that are known.
    public var gold = 0

    /// The share of what was found that is right; 0 where nothing was.
    public var precision: Double { found == 0 ? 0 : Double(correctFound) / Double(found) }
    /// The share of what is known that was found; 0 where nothing is.
    public var recall: Double { gold == 0 ? 0 : Double(correctGold) / Double(gold) }
    /// The harmonic mean of precision and recall.
    public var f1: Double {
      precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    }
  }

  /// Both sides must be the same.
  public var strict = Counts()
  /// Something of both sides must be the same.
  public var lax = Counts()

  /// A score of no documents yet.
  public init() {}

  /// Adds a document.
  public mutating func add(_ found: [SentenceAlignment], gold: [GoldAlignment]) {
    add(found.map(GoldAlignment.init), gold: gold)
  }

  /// Adds a document whose alignments were read from a file.
  public mutating func add(_ found: [GoldAlignment], gold: [GoldAlignment]) {
    let (isFound, isGold) = (Self.distinct(found), Self.distinct(gold))
    let precision = Self.matches(of: isFound, in: isGold)
    func joined(_ alignments: Set<GoldAlignment>) -> Set<GoldAlignment> {
      alignments.filter { !$0.source.isEmpty && !$0.target.isEmpty }
    }
    let (known, offered) = (joined(isGold), joined(isFound))
    let recall = Self.matches(of: known, in: offered)
    strict.correctFound += precision.strict
    lax.correctFound += precision.lax
    strict.correctGold += recall.strict
    lax.correctGold += recall.lax
    strict.found += isFound.count
    lax.found += isFound.count
    strict.gold += known.count
    lax.gold += known.count
  }

  private static func distinct(_ alignments: [GoldAlignment]) -> Set<GoldAlignment> {
    Set(alignments.filter { !$0.source.isEmpty || !$0.target.isEmpty })
  }

  /// How many of some alignments are among others, wholly or in part.
  private static func matches(
    of alignments: Set<GoldAlignment>, in others: Set<GoldAlignment>
  ) -> (strict: Int, lax: Int) {
    var targets: [Int: Set<Int>] = [:]
    for other in others {
      for source in other.source { targets[source, default: []].formUnion(other.target) }
    }
    var (strict, lax) = (0, 0)
    for alignment in alignments {
      if others.contains(alignment) {
        strict += 1
        lax += 1
      } else if alignment.source.contains(where: {
        !(targets[$0]?.isDisjoint(with: alignment.target) ?? true)
      }) {
        lax += 1
      }
    }
    return (strict, lax)
  }
}
