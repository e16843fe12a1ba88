// SPDX-License-Identifier: Apache-2.0

/// Byte-pair encoding (Sennrich and others, 2016): a word begins as its scalars, and the best known
/// pair of neighbours is merged until there is none.
///
/// There are two manners. SentencePiece merges whatever makes a piece, the highest score first;
/// tokenizer.json lists its merges, the first one first. Both come down to one table from a pair
/// of symbols to its rank and what it becomes; of equal ranks the leftmost pair goes first.
public final class BytePair: Sendable {
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
  public var vocabulary: Vocabulary { parts.vocabulary }
  /// The list of merges, the first one first; empty in SentencePiece's manner.
  public var merges: [Merge] { parts.merges }
  /// The settings in tokenizer.json's manner.
  public var settings: Settings { parts.settings }
  /// The pieces' scores in SentencePiece's manner, else empty.
  public var scores: [Double] { parts.scores }
  /// The kind of each piece in SentencePiece's manner, else empty.
  public var kinds: [PieceKind] { parts.kinds }
  /// The id of the unknown piece.
  public var unknownID: Int32? { parts.unknownID }
  /// Whether unknown text becomes byte pieces.
  public var fallsBackToBytes: Bool { parts.settings.fallsBackToBytes }

  /// What a model consists of.
  struct Parts: Sendable {
    var vocabulary: Vocabulary
    var merges: [Merge] = []
    var settings: Settings
    var scores: [Double] = []
    var kinds: [PieceKind] = []
    var unknownID: Int32?
    /// The pairs and what they become.
    var table: MergeTable
    /// The symbol that each scalar begins as.
    var alphabet: BytePairAlphabet
    /// The id that each symbol leaves as; symbols behind the pieces are scalars without one.
    var ids: FixedArray<Int32>
    /// The length of each symbol in bytes.
    var lengths: FixedArray<Int32>
    /// The ids of the byte pieces; nil where there is no such piece.
    var byteIDs: [Int32?]
    /// The same, all of them; empty without byte fallback in SentencePiece's manner.
    var spelling: [Int32] = []
    /// The user's symbols, which are found first and never merged.
    var symbols: PieceTrie?
    /// Whether some pieces may be made but not kept.
    var hasUnused = false
    /// Whether no merge reaches across the mark of a space.
    var separatesWords: Bool
  }

  let parts: Parts

  init(_ parts: Parts) { self.parts = parts }

  @inline(__always) var isSentencePiece: Bool { !parts.kinds.isEmpty }
  @inline(__always) var table: MergeTable { parts.table }
  @inline(__always) var alphabet: BytePairAlphabet { parts.alphabet }
  @inline(__always) var hasUnused: Bool { parts.hasUnused }
  @inline(__always) var separatesWords: Bool { parts.separatesWords }
}
