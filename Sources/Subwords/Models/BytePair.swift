// SPDX-License-Identifier: Apache-2.0

/// Byte-pair encoding (Sennrich and others, 2016): a word begins as its scalars, and the best known
/// pair of neighbours is merged until there is none.
///
/// There are two manners. SentencePiece merges whatever makes a piece, the highest score first;
/// tokenizer.json lists its merges, the first one first. Both come down to one table from a pair
/// of symbols to its rank and what it becomes; of equal ranks the leftmost pair goes first.
public struct BytePair: Sendable {
  /// One merge of a list: what stands left and right, by id.
  public struct Merge: Sendable, Equatable, Hashable {
    /// The left piece's id.
    public var left: Int32
    /// The right piece's id.
    public var right: Int32

    /// Makes a merge.
    public init(_ left: Int32, _ right: Int32) {
      self.left = left
      self.right = right
    }
  }

  /// The settings of a model with a list of merges, as in tokenizer.json.
  public struct Settings: Sendable, Equatable {
    /// The piece for scalars that are none; nil drops them.
    public var unknownPiece: String?
    /// What stands before scalars that do not begin a word.
    public var continuingPrefix: String?
    /// What stands behind the last scalar of a word.
    public var endOfWordSuffix: String?
    /// Whether neighbouring unknown scalars become one unknown piece.
    public var fusesUnknown: Bool
    /// Whether unknown scalars become byte pieces.
    public var fallsBackToBytes: Bool
    /// Whether a word that is a piece is taken as it is, without merges.
    public var ignoresMerges: Bool
    /// The probability that a merge is passed over when sampling; encoding itself is always exact.
    public var dropout: Double?

    /// Makes settings; the defaults are those of tokenizer.json.
    public init(
      unknownPiece: String? = nil, continuingPrefix: String? = nil, endOfWordSuffix: String? = nil,
      fusesUnknown: Bool = false, fallsBackToBytes: Bool = false, ignoresMerges: Bool = false,
      dropout: Double? = nil
    ) {
      self.unknownPiece = unknownPiece
      self.continuingPrefix = continuingPrefix
      self.endOfWordSuffix = endOfWordSuffix
      self.fusesUnknown = fusesUnknown
      self.fallsBackToBytes = fallsBackToBytes
      self.ignoresMerges = ignoresMerges
      self.dropout = dropout
    }
  }

  /// The pieces with their ids.
  public let vocabulary: Vocabulary
  /// The list of merges, the first one first; empty in SentencePiece's manner.
  public let merges: [Merge]
  /// The settings in tokenizer.json's manner.
  public let settings: Settings
  /// The pieces' scores in SentencePiece's manner, else empty.
  public let scores: [Double]
  /// The kind of each piece in SentencePiece's manner, else empty.
  public let kinds: [PieceKind]
  /// The id of the unknown piece.
  public let unknownID: Int32?
  /// The pairs and what they become.
  let table: MergeTable
  /// The symbol that each scalar begins as.
  let alphabet: BytePairAlphabet
  /// The id that each symbol leaves as; symbols behind the pieces are scalars without one.
  let ids: FixedArray<Int32>
  /// Whether unknown text becomes byte pieces.
  public var fallsBackToBytes: Bool { settings.fallsBackToBytes }
  /// The ids of the byte pieces; nil where there is no such piece.
  let byteIDs: [Int32?]
  /// The same, all of them; empty without byte fallback in SentencePiece's manner.
  let spelling: [Int32]
  /// The user's symbols, which are found first and never merged.
  let symbols: PieceTrie?
  /// Whether some pieces may be made but not kept.
  let hasUnused: Bool
  /// Whether no merge reaches across the mark of a space.
  let separatesWords: Bool
  /// The length of each symbol in bytes.
  let lengths: FixedArray<Int32>
  var isSentencePiece: Bool { !kinds.isEmpty }
}
