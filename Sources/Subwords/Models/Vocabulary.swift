// SPDX-License-Identifier: Apache-2.0

/// The pieces of a model in the order of their ids, and the way back from a piece to its id.
public struct Vocabulary: Sendable {
  /// The pieces; the index is the model's id.
  ///
  /// An empty string is an id without a piece, which only vocabularies of tokenizer.json may have.
  public let pieces: [String]
  let lookup: PieceTrie
  /// Pieces with U+0000, which no trie holds.
  private let withNUL: [[UInt8]: Int32]

  /// Makes a vocabulary; of equal pieces the last one is found.
  ///
  /// Throws ``SubwordError/Code/malformed`` if there are no pieces.
  public init(_ pieces: [String]) throws(SubwordError) {
    guard !pieces.isEmpty, pieces.count < Int(Int32.max) else {
      throw SubwordError(.malformed, "expected a vocabulary with pieces, found \(pieces.count)")
    }
    self.pieces = pieces
    lookup = try PieceTrie(
      pieces.enumerated().map { (key: Array($1.utf8)[...], value: Int32($0)) })
    var withNUL = [[UInt8]: Int32]()
    for (id, piece) in pieces.enumerated() where piece.utf8.contains(0) {
      withNUL[Array(piece.utf8)] = Int32(id)
    }
    self.withNUL = withNUL
  }

  /// The id of a piece; nil if there is none.
  ///
  /// Pieces are compared byte by byte.
  public func id(of piece: String) -> Int32? { id(of: piece.utf8) }

  func id(of bytes: some Sequence<UInt8>) -> Int32? {
    lookup.value(of: bytes) ?? (withNUL.isEmpty ? nil : withNUL[Array(bytes)])
  }

  /// The ids of `<0x00>`...`<0xFF>`; nil where there is no such piece.
  var byteIDs: [Int32?] {
    (0..<256).map { id(of: PieceKind.bytePiece(UInt8($0))) }
  }
}
