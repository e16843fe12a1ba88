// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// A piece of a vocabulary and what text makes of it.
public struct PieceRecord: Sendable, Equatable {
  /// The id.
  public var id: Int32
  /// The piece as it stands in the vocabulary.
  public var piece: String
  /// What it is: `text`, `byte`, `unknown` or `special`.
  public var kind: String
  /// The script of most of its letters; `Zyyy` where it has none.
  public var script: String
  /// How often it was used; 0 for a dead piece.
  public var count: Int
  /// How many languages used it.
  public var languages: Int
}

extension VocabularyInspector {
  /// All pieces in the order of their ids, with how often a tally's text used them.
  public func pieces(of tally: InspectionTally) -> [PieceRecord] {
    var counts = [Int](repeating: 0, count: measure.kinds.kinds.count)
    var languages = counts
    for sums in tally.languages.values {
      // Sums do not depend on the order of languages and pieces.
      for (id, count) in sums.pieces where counts.indices.contains(Int(id)) {
        counts[Int(id)] += count
        languages[Int(id)] += 1
      }
    }
    let surface = PieceSurface(tokenizer, measure.kinds)
    return counts.indices.compactMap { index in
      let id = Int32(index)
      let kind = measure.kinds[id]
      guard kind != .none, let piece = tokenizer.piece(of: id) else { return nil }
      let script = kind == .text ? surface.text(id).dominantScript ?? .common : .common
      return PieceRecord(
        id: id, piece: piece, kind: "\(kind)", script: script.code, count: counts[index],
        languages: languages[index])
    }
  }
}
