// SPDX-License-Identifier: Apache-2.0

/// A unigram language model over pieces (Kudo, 2018, “Subword Regularization”): a text is cut
/// into the pieces whose log probabilities add up highest.
public struct Unigram: Sendable {
  /// What a piece is allowed to do.
  public enum Kind: UInt8, Sendable, Equatable {
    /// Found in text by its score.
    case normal = 1
    /// The unknown piece.
    case unknown = 2
    /// Never found in text, invisible when decoded.
    case control = 3
    /// Always found in text.
    case userDefined = 4
    /// Never found in text.
    case unused = 5
    /// A byte, written `<0xHH>`.
    case byte = 6
  }

  /// The pieces; the index is the model's id.
  public let pieces: [String]
  /// Natural-log probabilities, index as in `pieces`.
  public let scores: [Double]
  /// The id of the unknown piece.
  public let unknownID: Int32
  /// Whether unknown text becomes byte pieces.
  public let fallsBackToBytes: Bool
  /// The kind of each piece; empty where all are normal, as in tokenizer.json.
  public let kinds: [Kind]

  /// All pieces, for looking ids up.
  let lookup: PieceTrie
  /// The pieces that may be found in text, with their scores by id.
  let matcher: PieceTrie
  let matchScores: [Double]
  let unknownScore: Double
  /// Whether path scores are rounded to single precision, as SentencePiece's are.
  let roundsToFloat: Bool
  /// The ids of `<0x00>`...`<0xFF>`; empty unless all are there.
  let byteIDs: [Int32]

  /// Makes a model.
  ///
  /// - Parameters:
  ///   - pieces: the pieces in id order.
  ///   - scores: as many natural-log probabilities.
  ///   - unknownID: the id of the unknown piece.
  ///   - fallsBackToBytes: whether unknown text becomes `<0xHH>` pieces.
  ///   - kinds: empty: every piece may be found in text, path scores are doubles (Hugging Face
  ///     `tokenizers`); else one for each piece, and path scores are floats (SentencePiece).
  public init(
    pieces: [String], scores: [Double], unknownID: Int32, fallsBackToBytes: Bool = false,
    kinds: [Kind] = []
  ) throws(SubwordError) {
    guard pieces.count == scores.count, kinds.isEmpty || kinds.count == pieces.count else {
      throw SubwordError(
        .invalidArgument,
        "expected a score for each of \(pieces.count) pieces, found \(scores.count)")
    }
    guard !pieces.isEmpty, pieces.count < Int(Int32.max) else {
      throw SubwordError(.malformed, "expected a vocabulary with pieces, found \(pieces.count)")
    }
    if !pieces.indices.contains(Int(unknownID)) {
      throw SubwordError(
        .malformed,
        "expected the unknown id below the vocabulary size \(pieces.count), found \(unknownID)")
    }
    if let index = scores.firstIndex(where: { !$0.isFinite }) {
      throw SubwordError(
        .malformed, "expected finite scores, found \(scores[index]) for piece \(index)")
    }
    self.pieces = pieces
    self.scores = scores
    self.unknownID = unknownID
    self.fallsBackToBytes = fallsBackToBytes
    self.kinds = kinds
    roundsToFloat = !kinds.isEmpty
    let entries = pieces.enumerated().map { (key: Array($1.utf8)[...], value: Int32($0)) }
    let lookup = try PieceTrie(entries)
    self.lookup = lookup
    if kinds.isEmpty {
      matcher = lookup
      matchScores = scores
      unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
    } else {
      matcher = try PieceTrie(
        entries.filter { kinds[Int($0.value)] == .normal || kinds[Int($0.value)] == .userDefined })
      let normal = zip(scores, kinds).filter { $0.1 == .normal }.map(\.0)
      let (least, most) = (normal.min() ?? 0, normal.max() ?? 0)
      unknownScore = Double(Float(least) - Float(Self.unknownPenalty))
      matchScores = pieces.indices.map { index in
        // A bonus by length makes sure that a user's symbol always wins.
        kinds[index] == .userDefined
          ? Double(pieces[index].utf8.count) * most - 0.1 : scores[index]
      }
    }
    let bytes = (0..<256).compactMap { lookup.value(of: Self.bytePiece(UInt8($0)).utf8) }
    byteIDs = bytes.count == 256 ? bytes : []
    guard !fallsBackToBytes || bytes.count == 256 || kinds.isEmpty else {
      throw SubwordError(
        .malformed, "expected all 256 byte pieces for byte fallback, found \(bytes.count)")
    }
  }

  /// What an unknown scalar costs below the worst piece, as in SentencePiece.
  static let unknownPenalty = 10.0

  /// The spelling of a byte piece.
  static func bytePiece(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.utf8.count == 1 ? "<0x0\(digits)>" : "<0x\(digits)>"
  }

  /// The id of a piece; nil if there is none.
  public func id(of piece: String) -> Int32? { lookup.value(of: piece.utf8) }

  /// What a piece adds to the score of a path; the unknown piece counts as one unknown scalar.
  func pathScore(of id: Int32) -> Double { id == unknownID ? unknownScore : matchScores[Int(id)] }
}
