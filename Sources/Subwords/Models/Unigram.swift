// SPDX-License-Identifier: Apache-2.0

/// The unigram language model's segmentation (Kudo 2018): the pieces whose scores add up to the most.
struct Unigram: Sendable {
  /// A piece of the best path: its bytes in the text, and its id.
  struct Segment: Equatable {
    var range: Range<Int>
    var id: Int32
  }

  /// Whether scores are added in single precision, as sentencepiece does, or in double, as Hugging Face's
  /// library does; ties and near-ties depend on it.
  enum Precision: Sendable { case single, double }

  let pieces: [String]
  let scores: [Double]
  let unknownID: Int32
  let precision: Precision
  /// The id of each byte's piece; empty without byte fallback.
  let byteIDs: [Int32]
  let unknownScore: Double
  private let trie: PieceTrie

  /// A model of pieces and scores.
  ///
  /// - Parameters:
  ///   - isSearched: which pieces may be found in text; controls and bytes of sentencepiece models may not.
  ///   - minimumScore: the lowest score of an ordinary piece; unknown characters get ten less.
  init(
    pieces: [String], scores: [Double], unknownID: Int32, isSearched: (Int) -> Bool,
    minimumScore: Double, byteFallback: Bool, precision: Precision
  ) {
    self.pieces = pieces
    self.scores = scores
    self.unknownID = unknownID
    self.precision = precision
    unknownScore = precision == .single ? Double(Float(minimumScore) - 10) : minimumScore - 10
    trie = PieceTrie(pieces.indices.map { isSearched($0) ? Array(pieces[$0].utf8) : nil })
    var places: [String: Int32] = [:]
    if byteFallback {
      for (id, piece) in pieces.enumerated() where piece.utf8.count == 6 && piece.hasPrefix("<0x") {
        places[piece] = Int32(id)
      }
    }
    let bytes = (0..<256).compactMap { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return places["<0x\(digits.count < 2 ? "0" : "")\(digits)>"]
    }
    byteIDs = bytes.count == 256 ? bytes : []
  }

  /// The best path through valid UTF-8 bytes; unknown characters come one by one.
  func segments(_ bytes: UnsafeBufferPointer<UInt8>) -> [Segment] {
    let count = bytes.count
    guard count > 0 else { return [] }
    var best = [Cell](repeating: Cell(score: 0, start: -1, id: 0), count: count + 1)
    var position = 0
    while position < count {
      let here = best[position].score
      let length = Self.scalarLength(bytes[position])
      var hasSingle = false
      trie.forEachMatch(bytes, from: position) { size, piece in
        update(&best[position + size], here, scores[piece], position, Int32(piece))
        if size == length { hasSingle = true }
      }
      if !hasSingle {
        update(&best[min(position + length, count)], here, unknownScore, position, unknownID)
      }
      position += length
    }
    var path: [Segment] = []
    var end = count
    while end > 0 {
      let cell = best[end]
      path.append(Segment(range: cell.start..<end, id: cell.id))
      end = cell.start
    }
    return path.reversed()
  }

  private struct Cell {
    var score: Double
    var start: Int
    var id: Int32
  }

  @inline(__always)
  private func update(
    _ cell: inout Cell, _ here: Double, _ score: Double, _ start: Int, _ id: Int32
  ) {
    let sum = precision == .single ? Double(Float(here) + Float(score)) : here + score
    if cell.start < 0 || sum > cell.score { cell = Cell(score: sum, start: start, id: id) }
  }

  /// Calls `body` with the length and id of each piece that the bytes from `start` begin with.
  func forEachPiece(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ body: (Int, Int32) -> Void
  ) {
    trie.forEachMatch(bytes, from: start) { body($0, Int32($1)) }
  }

  static func scalarLength(_ byte: UInt8) -> Int {
    byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
  }
}
