// SPDX-License-Identifier: Apache-2.0

/// How the alignments of both directions become one (Koehn, Och and Marcu, 2003).
public enum Symmetrization: String, Sendable, CaseIterable, Codable {
  /// Links of both.
  case intersect
  /// Links of either.
  case union
  /// The intersection, grown by links of the union that neighbour a link and reach a word without one.
  case growDiag = "grow-diag"
  /// After `growDiag`, links of either direction that reach a word without one on one side or the other.
  case growDiagFinal = "grow-diag-final"
  /// After `growDiag`, links of either direction between two words without one.
  case growDiagFinalAnd = "grow-diag-final-and"

  /// One alignment of two: `forward` in which each target word has chosen its source word, `backward` the other way; both as
  /// source-target links.
  public func callAsFunction(_ forward: WordAlignment, _ backward: WordAlignment) -> WordAlignment {
    let (first, second) = (Set(forward.links), Set(backward.links))
    let union = first.union(second)
    if self == .union { return WordAlignment(union) }
    var growing = Growth(first.intersection(second))
    if self == .intersect { return WordAlignment(growing.links) }
    growing.grow(in: union)
    if self != .growDiag {
      for side in [forward, backward] {
        for link in side.links {
          let (isSourceFree, isTargetFree) = growing.isFree(link)
          if self == .growDiagFinal
            ? isSourceFree || isTargetFree : isSourceFree && isTargetFree
          {
            growing.insert(link)
          }
        }
      }
    }
    return WordAlignment(growing.links)
  }

  /// An alignment that takes in more links.
  private struct Growth {
    private(set) var links: Set<WordAlignment.Link> = []
    private var sources: Set<Int> = []
    private var targets: Set<Int> = []

    init(_ links: Set<WordAlignment.Link>) {
      for link in links { insert(link) }
    }

    mutating func insert(_ link: WordAlignment.Link) {
      links.insert(link)
      sources.insert(link.source)
      targets.insert(link.target)
    }

    func isFree(_ link: WordAlignment.Link) -> (source: Bool, target: Bool) {
      (!sources.contains(link.source), !targets.contains(link.target))
    }

    /// Takes in neighbours until none is left that reaches a free word; links in their order, sides before corners.
    mutating func grow(in union: Set<WordAlignment.Link>) {
      let steps = [(-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1)]
      var frontier = links.sorted()
      while !frontier.isEmpty {
        var added: [WordAlignment.Link] = []
        for link in frontier {
          for (down, right) in steps {
            let neighbor = WordAlignment.Link(link.source + down, link.target + right)
            guard union.contains(neighbor), !links.contains(neighbor) else { continue }
            let free = isFree(neighbor)
            guard free.source || free.target else { continue }
            insert(neighbor)
            added.append(neighbor)
          }
        }
        frontier = added.sorted()
      }
    }
  }
}
