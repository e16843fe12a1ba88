// SPDX-License-Identifier: Apache-2.0

/// The pieces of a unigram model, of either file format, as they are when the vocabulary is changed.
struct UnigramPieces: Sendable {
  var pieces: [String]
  var scores: [Double]
  /// One for each piece; empty for a model of tokenizer.json.
  var kinds: [PieceKind]
  var unknownID: Int32
  var fallsBackToBytes: Bool

  init(_ model: SentencePieceModel) {
    pieces = model.pieces
    scores = model.scores.map(Double.init)
    kinds = model.kinds
    unknownID = Int32(model.kinds.firstIndex(of: .unknown) ?? 0)
    fallsBackToBytes = model.fallsBackToBytes
  }

  init(_ model: Unigram) {
    pieces = model.vocabulary.pieces
    scores = model.scores
    kinds = model.kinds
    unknownID = model.unknownID
    fallsBackToBytes = model.fallsBackToBytes
  }

  func model() throws(SubwordError) -> Unigram {
    try Unigram(
      pieces: pieces, scores: scores, unknownID: unknownID, fallsBackToBytes: fallsBackToBytes,
      kinds: kinds)
  }

  /// Whether a piece is found in text by its score.
  func isLearned(_ id: Int) -> Bool { kinds.isEmpty ? id != Int(unknownID) : kinds[id] == .normal }

  /// The least score of a piece that is found by its score: what unknown text costs is counted from it.
  var leastScore: Double? {
    kinds.isEmpty ? scores.min() : zip(scores, kinds).filter { $0.1 == .normal }.map(\.0).min()
  }

  /// Puts a piece behind the others.
  mutating func append(_ piece: String, score: Double) {
    pieces.append(piece)
    // SentencePiece keeps single precision.
    scores.append(kinds.isEmpty ? score : Double(Float(score)))
    if !kinds.isEmpty { kinds.append(.normal) }
  }

  /// The pieces at some places, in that order.
  func selecting(_ places: [Int]) -> UnigramPieces {
    var copy = self
    copy.pieces = places.map { pieces[$0] }
    copy.scores = places.map { scores[$0] }
    copy.kinds = kinds.isEmpty ? [] : places.map { kinds[$0] }
    return copy
  }
}
