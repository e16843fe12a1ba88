// SPDX-License-Identifier: Apache-2.0

/// A trie of pieces for the one loop that all speed depends on.
///
/// The units are those of a ``DoubleArray`` without the ones for values, small, so that a walk stays in near
/// memory; the pieces that end behind them stand in an array of their own. A walk begins behind its first
/// scalar, which a table by scalar gives (basic plane).
final class ScoredTrie: Sendable {
  /// A piece that may end behind a unit.
  struct Piece: BitwiseCopyable, Sendable {
    var id: UInt32 = 0
    /// What it costs, see ``ScoredTrie/costPerScalar``; infinity where there is none.
    var cost = Float.infinity
  }

  /// Where a walk stands behind its first scalar, and the piece that is just the scalar, else the unknown one.
  struct Start: BitwiseCopyable, Sendable {
    var base: UInt32
    var piece: Piece
  }

  /// Ids and places must be below this: 24 bits.
  static let limit = 1 << 23
  /// Sums of scores below this are far from what single precision holds.
  static let scoreLimit = 1e30

  let root: UInt32
  /// The byte that leads to a unit in bits 0-8, where its children are above them: there, exclusive or the byte.
  ///
  /// Units that nothing leads to have ``noLabel``.
  let units: FixedArray<UInt32>
  /// The piece of each unit.
  let pieces: FixedArray<Piece>
  /// For each 64 scalars the number of their page of `starts`; page 0 is for those that begin no piece.
  let pages: FixedArray<UInt16>
  let starts: FixedArray<Start>
  /// What a scalar without a piece is.
  let unknown: Start
  /// What a piece costs for each of its scalars, beside its score with the sign changed.
  ///
  /// It is so much that no cost is below zero. Every way to cut a text pays the same for it.
  let costPerScalar: Double

  static let noLabel: UInt32 = 0x100
  static let labelMask: UInt32 = 0x1FF
  static let labelBits: UInt32 = 9

  /// Makes it of a trie that was built here; nil where there are too many pieces, or scores beyond all
  /// measure.
  ///
  /// - Parameters:
  ///   - texts: the pieces, by the trie's values.
  ///   - scores: as many.
  init?(
    _ trie: DoubleArray, _ texts: [String], scores: UnsafeBufferPointer<Double>, unknownID: Int32,
    unknownScore: Double
  ) {
    guard scores.count < Self.limit, 1..<Self.limit - 512 ~= trie.units.count,
      unknownScore.magnitude < Self.scoreLimit,
      scores.allSatisfy({ $0.magnitude < Self.scoreLimit })
    else { return nil }
    let perScalar = zip(texts, scores).reduce(max(0, unknownScore)) { most, piece in
      piece.1 <= 0 ? most : max(most, piece.1 / Double(max(1, piece.0.unicodeScalars.count)))
    }
    costPerScalar = perScalar
    func cost(_ id: UInt32) -> Float {
      let scalars = perScalar == 0 ? 0 : Double(texts[Int(id)].unicodeScalars.count)
      return max(0, Float(scalars * perScalar - scores[Int(id)]))
    }
    // One block more, in which a walk always ends.
    let dead = (trie.units.count + 255) & ~255
    var units = [UInt32](repeating: Self.noLabel, count: dead + 256)
    var pieces = [Piece](repeating: Piece(), count: dead + 256)
    for index in 0..<trie.units.count {
      let unit = trie.units[index]
      // Bit 31 marks a value; label 0 stands for one too, or for a unit that nobody uses.
      guard unit & (1 << 31) == 0, unit & 0xFF != 0 else { continue }
      let base = DoubleArray.children(of: index, unit)
      units[index] = UInt32(base) << Self.labelBits | unit & 0xFF
      guard unit & (1 << 8) != 0 else { continue }
      let id = trie.units[base] & 0x7FFF_FFFF
      pieces[index] = Piece(id: id, cost: cost(id))
    }
    root = UInt32(trie.root.position)
    let unknown = Start(
      base: UInt32(dead),
      piece: Piece(id: UInt32(unknownID), cost: Float(perScalar - unknownScore)))
    self.unknown = unknown
    var pages = [UInt16](repeating: 0, count: 1024)
    var starts = [Start](repeating: unknown, count: 64)
    Self.forEachScalar(units, root) { scalar, unit in
      if pages[scalar >> 6] == 0 {
        pages[scalar >> 6] = UInt16(starts.count / 64)
        starts += repeatElement(unknown, count: 64)
      }
      let place = Int(pages[scalar >> 6]) * 64 + scalar & 63
      starts[place].base = units[unit] >> Self.labelBits
      if pieces[unit].cost < .infinity { starts[place].piece = pieces[unit] }
    }
    self.units = FixedArray(units)
    self.pieces = FixedArray(pieces)
    self.pages = FixedArray(pages)
    self.starts = FixedArray(starts)
  }

  /// Where a walk stands behind a scalar of four bytes.
  func longStart(_ text: UnsafePointer<UInt8>) -> Start {
    var start = Start(base: root, piece: unknown.piece)
    for index in 0..<4 {
      let byte = UInt32(text[index])
      let place = Int(start.base ^ byte)
      guard units[place] & Self.labelMask == byte else { return unknown }
      start.base = units[place] >> Self.labelBits
      if index == 3, pieces[place].cost < .infinity { start.piece = pieces[place] }
    }
    return start
  }

  /// Calls `body` with each scalar of the basic plane by which pieces begin, and the unit behind it.
  private static func forEachScalar(_ units: [UInt32], _ root: UInt32, _ body: (Int, Int) -> Void) {
    func child(_ base: UInt32, _ byte: UInt32) -> Int? {
      let index = Int(base ^ byte)
      return units[index] & labelMask == byte ? index : nil
    }
    func base(_ unit: Int) -> UInt32 { units[unit] >> labelBits }
    for byte in UInt32(1)..<0x80 { child(root, byte).map { body(Int(byte), $0) } }
    for first in UInt32(0xC2)..<0xF0 {
      guard let unit = child(root, first) else { continue }
      for second in UInt32(0x80)..<0xC0 {
        guard let next = child(base(unit), second) else { continue }
        guard first >= 0xE0 else {
          body(Int((first & 0x1F) << 6 | second & 0x3F), next)
          continue
        }
        for third in UInt32(0x80)..<0xC0 {
          guard let last = child(base(next), third) else { continue }
          body(Int((first & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F), last)
        }
      }
    }
  }
}
