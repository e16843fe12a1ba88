// SPDX-License-Identifier: Apache-2.0

extension BytePairTrainer {
  /// One merge: two neighbouring pieces become one.
  public struct Merge: Sendable, Equatable {
    /// The left piece, by its index in ``Result/pieces``.
    public let left: Int32
    /// The right piece.
    public let right: Int32
    /// What they become: the next new piece, or one that was there already.
    public let piece: Int32
    /// How often the pair stood in the text when it was merged.
    public let count: Int64
  }

  /// What was learned.
  public struct Result: Sendable, Equatable {
    /// The pieces: the alphabet's, then the learned ones in the order of merging.
    public let pieces: [String]
    /// How often each piece stood in the text when it came to be; 0 for scalars that do not occur.
    public let counts: [Int64]
    /// How many of the pieces are the alphabet's, those with affixes included.
    public let alphabetSize: Int
    /// The merges in their order; more than there are learned pieces where a piece is made in several ways.
    public let merges: [Merge]
    /// How many pieces the text could not support: what was asked for less what there is.
    public let missingCount: Int

    init(
      pieces: [[UInt8]], counts: [Int64], alphabetSize: Int, merges: [Merge], asked: Int
    ) {
      self.pieces = pieces.map { String(decoding: $0, as: UTF8.self) }
      self.counts = counts
      self.alphabetSize = alphabetSize
      self.merges = merges
      missingCount = asked - pieces.count
    }

    /// The pieces as a SentencePiece model lists them: the learned ones in their order, then the alphabet's by falling
    /// count (equal ones by their bytes), with the scores -0, -1, -2 and so on.
    public var sentencePieces: [(piece: String, score: Double)] {
      let alphabet = (0..<alphabetSize).sorted {
        counts[$0] != counts[$1]
          ? counts[$0] > counts[$1]
          : pieces[$0].utf8.lexicographicallyPrecedes(pieces[$1].utf8)
      }
      return (Array(alphabetSize..<pieces.count) + alphabet).enumerated().map { rank, index in
        (pieces[index], -Double(rank))
      }
    }

    /// The merges as tokenizer.json lists them, by ids.
    ///
    /// - Parameter firstID: the id of the first of ``pieces``; the others follow it.
    public func merges(firstID: Int32 = 0) -> [BytePair.Merge] {
      merges.map { BytePair.Merge($0.left + firstID, $0.right + firstID) }
    }
  }
}
