// SPDX-License-Identifier: Apache-2.0

/// What must hold for the pieces of every SentencePiece model.
enum SentencePieceChecks {
  static func check(
    _ vocabulary: Vocabulary, _ scores: [Double], _ kinds: [PieceKind], _ unknownID: Int32,
    _ fallsBackToBytes: Bool
  ) throws(SubwordError) {
    let count = vocabulary.pieces.count
    guard scores.count == count, kinds.count == count else {
      throw SubwordError(
        .invalidArgument,
        "expected a score and a kind for each of \(count) pieces, found \(scores.count) and "
          + "\(kinds.count)")
    }
    guard vocabulary.pieces.indices.contains(Int(unknownID)) else {
      throw SubwordError(
        .malformed,
        "expected the unknown id below the vocabulary size \(count), found \(unknownID)")
    }
    if let index = scores.firstIndex(where: { !$0.isFinite }) {
      throw SubwordError(
        .malformed, "expected finite scores, found \(scores[index]) for piece \(index)")
    }
    guard !fallsBackToBytes || !vocabulary.allByteIDs.isEmpty else {
      let found = vocabulary.byteIDs.count { $0 != nil }
      throw SubwordError(
        .malformed, "expected all 256 byte pieces for byte fallback, found \(found)")
    }
  }
}

extension Vocabulary {
  /// The ids of `<0x00>`...`<0xFF>`; empty unless all are there.
  var allByteIDs: [Int32] {
    let ids = byteIDs.compactMap(\.self)
    return ids.count == 256 ? ids : []
  }
}
