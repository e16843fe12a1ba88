// SPDX-License-Identifier: Apache-2.0

/// Which words of a sentence belong to which of its translation: links between places, counted from 0.
public struct WordAlignment: Sendable, Equatable {
  /// A link between a word of the source and one of the target.
  public struct Link: Sendable, Hashable, Comparable {
    /// The word's place in the source, from 0.
    public var source: Int
    /// The word's place in the target, from 0.
    public var target: Int

    /// A link between two places.
    public init(_ source: Int, _ target: Int) {
      self.source = source
      self.target = target
    }

    /// Links are ordered by source, then by target.
    public static func < (left: Link, right: Link) -> Bool {
      (left.source, left.target) < (right.source, right.target)
    }
  }

  /// The links, in order, each once.
  public private(set) var links: [Link]

  /// An alignment of links in any order.
  public init(_ links: some Sequence<Link>) {
    self.links = Set(links).sorted()
  }

  /// The same with source and target exchanged.
  public var reversed: WordAlignment { WordAlignment(links.map { Link($0.target, $0.source) }) }
}

extension WordAlignment: CustomStringConvertible {
  /// Pharaoh's format: `0-0 1-2`.
  public var description: String {
    links.map { "\($0.source)-\($0.target)" }.joined(separator: " ")
  }
}

/// A reference alignment: links that are sure, and links that are possible, the sure ones among them.
public struct ReferenceAlignment: Sendable, Equatable {
  /// Links that must be found.
  public var sure: Set<WordAlignment.Link>
  /// Links that may be found.
  public var possible: Set<WordAlignment.Link>

  /// A reference; sure links are possible too.
  public init(sure: Set<WordAlignment.Link>, possible: Set<WordAlignment.Link> = []) {
    self.sure = sure
    self.possible = possible.union(sure)
  }

  /// Reads a line of links: `i-j` is sure, `ipj` or `i?j` possible; places count from 0.
  ///
  /// - Throws: `AlignmentError` for a link that is none of these.
  public init(pharaoh line: some StringProtocol) throws(AlignmentError) {
    var (sure, possible) = (Set<WordAlignment.Link>(), Set<WordAlignment.Link>())
    for word in line.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
      let separator = word.first { $0 == "-" || $0 == "p" || $0 == "?" }
      let ends = word.split(omittingEmptySubsequences: false) { $0 == separator }
      guard let separator, ends.count == 2, let source = Int(ends[0]), let target = Int(ends[1]),
        source >= 0, target >= 0
      else {
        throw AlignmentError(
          .format, "expected links such as 0-0, 1p2 or 1?2, found '\(word)'")
      }
      if separator == "-" {
        sure.insert(.init(source, target))
      } else {
        possible.insert(.init(source, target))
      }
    }
    self.init(sure: sure, possible: possible)
  }
}
