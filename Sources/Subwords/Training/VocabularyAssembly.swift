// SPDX-License-Identifier: Apache-2.0

/// Puts the pieces of a vocabulary in their places: reserved ones where the specification wants them, others in the gaps.
struct VocabularyAssembly {
  private let specification: TrainerSpecification
  private var pieces: [String] = []
  private var scores: [Float] = []
  private var kinds: [PieceKind] = []
  private var known = Set<[UInt8]>()
  /// The reserved pieces that have an id of their own.
  private var placed: [Int: (piece: String, kind: PieceKind)] = [:]
  /// How many pieces are not learned.
  let reservedCount: Int

  init(_ specification: TrainerSpecification) throws(SubwordError) {
    self.specification = specification
    let named: [(flag: String, id: Int, piece: String, kind: PieceKind)] = [
      ("unk_id", specification.unknownID, specification.unknownPiece, .unknown),
      ("bos_id", specification.beginID, specification.beginPiece, .control),
      ("eos_id", specification.endID, specification.endPiece, .control),
      ("pad_id", specification.padID, specification.padPiece, .control),
    ]
    guard specification.unknownID >= 0 else {
      throw SubwordError(
        .invalidArgument, "expected --unk_id to be 0 or more, found \(specification.unknownID)")
    }
    for (flag, id, piece, kind) in named where id >= 0 {
      guard placed[id] == nil, id < specification.vocabularySize else {
        throw SubwordError(
          .invalidArgument,
          "expected --\(flag) to be free and below \(specification.vocabularySize), found \(id)")
      }
      placed[id] = (piece, kind)
    }
    let symbols = specification.controlSymbols + specification.userDefinedSymbols
    let bytes = specification.byteFallback ? 256 : 0
    reservedCount = placed.count + symbols.count + bytes
    for piece in placed.values.map(\.piece) + symbols {
      guard !piece.isEmpty, known.insert(Array(piece.utf8)).inserted else {
        throw SubwordError(
          .invalidArgument, "expected each reserved piece once and none empty, found '\(piece)'")
      }
    }
    for symbol in specification.controlSymbols { add(symbol, 0, .control) }
    for symbol in specification.userDefinedSymbols { add(symbol, 0, .userDefined) }
    if specification.byteFallback {
      for byte in UInt8.min...UInt8.max {
        let piece = PieceKind.bytePiece(byte)
        known.insert(Array(piece.utf8))
        add(piece, 0, .byte)
      }
    }
    fillPlaces()
  }

  var count: Int { pieces.count + placed.keys.count { $0 >= pieces.count } }

  func isReserved(_ piece: String) -> Bool { known.contains(Array(piece.utf8)) }

  mutating func append(_ piece: String, _ score: Float) {
    add(piece, score, .normal)
    fillPlaces()
  }

  private mutating func add(_ piece: String, _ score: Float, _ kind: PieceKind) {
    fillPlaces()
    pieces.append(piece)
    scores.append(score)
    kinds.append(kind)
  }

  private mutating func fillPlaces() {
    while let (piece, kind) = placed[pieces.count] {
      placed[pieces.count] = nil
      pieces.append(piece)
      scores.append(0)
      kinds.append(kind)
    }
  }

  func model(
    _ normalizerName: String, _ normalizer: SentencePieceNormalizer
  ) throws(SubwordError) -> SentencePieceModel {
    if let (id, place) = placed.min(by: { $0.key < $1.key }) {
      throw SubwordError(
        .invalidArgument,
        "expected the id of '\(place.piece)' within the \(pieces.count) pieces, found \(id)")
    }
    var specification = specification
    specification.vocabularySize = pieces.count
    return try SentencePieceModel(
      pieces: pieces, scores: scores, kinds: kinds, trainer: specification,
      normalizerName: normalizerName, normalizer: normalizer)
  }
}
