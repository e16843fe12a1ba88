// SPDX-License-Identifier: Apache-2.0

/// What offsets into a text count.
public enum OffsetUnit: String, Sendable, Equatable, CaseIterable {
  /// Bytes of UTF-8.
  case utf8
  /// Unicode scalars, which Python calls characters.
  case scalars
  /// UTF-16 code units, as in JavaScript and `NSString`.
  case utf16

  /// For each byte offset of `text`, 0 to its length, the offset in this unit.
  func positions(in text: String) -> [Int] {
    var positions = [Int]()
    positions.reserveCapacity(text.utf8.count + 1)
    var position = 0
    for byte in text.utf8 {
      // A place inside a scalar counts as its start.
      switch self {
      case .utf8:
        positions.append(position)
        position += 1
      case .scalars, .utf16:
        guard byte & 0xC0 != 0x80 else {
          positions.append(positions.last ?? 0)
          continue
        }
        positions.append(position)
        position += self == .utf16 && byte >= 0xF0 ? 2 : 1
      }
    }
    positions.append(position)
    return positions
  }
}

/// One token of an ``Encoding``.
public struct EncodedToken: Sendable, Equatable {
  /// The id.
  public var id: Int32
  /// The piece as it stands in the normalised text, or the added token.
  public var piece: String
  /// Where it came from in its text, in the encoding's unit; 0..<0 for tokens that were put in.
  public var offsets: Range<Int>
  /// The number of the word it belongs to; nil for tokens that were put in.
  public var wordID: Int?
  /// The text it belongs to: 0 the first, 1 the second, nil for tokens that were put in.
  public var sequenceID: Int?
  /// The type id of the template.
  public var typeID: Int32
  /// Whether it was put in by a template or as padding.
  public var isSpecial: Bool
  /// Whether a model should look at it: false for padding.
  public var isAttended: Bool

  /// Makes a token that was put in.
  init(inserted id: Int32, piece: String, typeID: Int32, isAttended: Bool = true) {
    self.id = id
    self.piece = piece
    offsets = 0..<0
    self.typeID = typeID
    isSpecial = true
    self.isAttended = isAttended
  }

  init(id: Int32, piece: String, offsets: Range<Int>, wordID: Int, sequenceID: Int) {
    self.id = id
    self.piece = piece
    self.offsets = offsets
    self.wordID = wordID
    self.sequenceID = sequenceID
    typeID = Int32(sequenceID)
    isSpecial = false
    isAttended = true
  }
}

/// The tokens of a text or a pair of texts, with all that models and alignments ask of them.
public struct Encoding: Sendable, Equatable {
  /// The tokens.
  public var tokens: [EncodedToken]
  /// The other windows of a text that was cut, in reading order.
  public var overflowing: [Encoding] = []
  /// What the offsets count.
  public let unit: OffsetUnit

  init(_ tokens: [EncodedToken], unit: OffsetUnit) {
    self.tokens = tokens
    self.unit = unit
  }

  /// The ids.
  public var ids: [Int32] { tokens.map(\.id) }
  /// The pieces.
  public var pieces: [String] { tokens.map(\.piece) }
  /// Where each token came from, in ``unit``.
  public var offsets: [Range<Int>] { tokens.map(\.offsets) }
  /// The word of each token.
  public var wordIDs: [Int?] { tokens.map(\.wordID) }
  /// The text of each token.
  public var sequenceIDs: [Int?] { tokens.map(\.sequenceID) }
  /// The type id of each token.
  public var typeIDs: [Int32] { tokens.map(\.typeID) }
  /// 1 for tokens that count, 0 for padding.
  public var attentionMask: [Int32] { tokens.map { $0.isAttended ? 1 : 0 } }
  /// 1 for tokens that were put in, 0 for those of the text.
  public var specialMask: [Int32] { tokens.map { $0.isSpecial ? 1 : 0 } }
  /// The number of tokens.
  public var count: Int { tokens.count }
}
