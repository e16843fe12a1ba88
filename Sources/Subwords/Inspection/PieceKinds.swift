// SPDX-License-Identifier: Apache-2.0

/// What each id of a vocabulary stands for.
struct PieceKinds: Sendable {
  /// What an id is.
  enum Kind: UInt8, Sendable {
    /// A piece of text.
    case text
    /// A byte that text falls back to.
    case byte
    /// The unknown piece.
    case unknown
    /// A token that never stands in text, as `<s>`.
    case special
    /// No piece has this id.
    case none
  }

  private(set) var kinds: [Kind] = []
  /// The byte of each id that is one.
  private(set) var bytes: [Int32: UInt8] = [:]

  init(_ tokenizer: Tokenizer) {
    let count = tokenizer.vocabularySize
    kinds.reserveCapacity(count)
    for id in 0..<Int32(clamping: count) {
      guard let piece = tokenizer.piece(of: id) else {
        kinds.append(.none)
        continue
      }
      if id == tokenizer.unknownID {
        kinds.append(.unknown)
      } else if let byte = PieceDecoder.byte(of: piece) {
        kinds.append(.byte)
        bytes[id] = byte
      } else if tokenizer.isSpecial(id) || Self.isSilent(id, piece, tokenizer) {
        kinds.append(.special)
      } else {
        kinds.append(.text)
      }
    }
    // Byte pieces are bytes only where all of them are there; a single one is text.
    guard bytes.count != 256 else { return }
    for id in bytes.keys { kinds[Int(id)] = .text }
    bytes = [:]
  }

  /// Whether decoding leaves nothing of it, though it is written like a mark.
  private static func isSilent(_ id: Int32, _ piece: String, _ tokenizer: Tokenizer) -> Bool {
    guard let first = piece.utf8.first, first == UInt8(ascii: "<") || first == UInt8(ascii: "[")
    else { return false }
    return tokenizer.decode([id], skippingSpecialTokens: false).isEmpty
  }

  subscript(id: Int32) -> Kind { kinds.indices.contains(Int(id)) ? kinds[Int(id)] : .none }
}
