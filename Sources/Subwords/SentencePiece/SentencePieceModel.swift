// SPDX-License-Identifier: Apache-2.0

/// What a sentencepiece `.model` file holds (sentencepiece_model.proto).
struct SentencePieceModel: Sendable {
  /// What a piece is for.
  enum Kind: UInt64, Sendable {
    case normal = 1
    case unknown, control, userDefined, unused, byte
  }

  struct Piece: Sendable {
    var text = ""
    var score: Float = 0
    var kind = Kind.normal
  }

  var pieces: [Piece] = []
  var modelType: UInt64 = 1
  var byteFallback = false
  var unknownSurface = " \u{2047} "
  var treatsSpaceAsSuffix = false
  var charsMap: [UInt8] = []
  var addsDummyPrefix = true
  var removesExtraSpaces = true
  var escapesSpaces = true

  init(parsing bytes: [UInt8]) throws(SubwordError) {
    var reader = WireReader(bytes[...])
    while let (field, value) = try reader.next() {
      guard case .bytes(let content) = value else { continue }
      switch field {
      case 1: pieces.append(try Self.piece(content))
      case 2: try readTrainer(content)
      case 3: try readNormalizer(content)
      default: break
      }
    }
    guard !pieces.isEmpty else {
      throw SubwordError(.format, "not a sentencepiece model: it has no pieces")
    }
  }

  private static func piece(_ bytes: ArraySlice<UInt8>) throws(SubwordError) -> Piece {
    var piece = Piece()
    var reader = WireReader(bytes)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (1, .bytes(let text)): piece.text = try Self.text(text)
      case (2, .fixed32(let bits)): piece.score = Float(bitPattern: bits)
      case (3, .number(let kind)):
        guard let known = Kind(rawValue: kind) else {
          throw SubwordError(.format, "a piece of the unknown kind \(kind)")
        }
        piece.kind = known
      default: break
      }
    }
    return piece
  }

  private mutating func readTrainer(_ bytes: ArraySlice<UInt8>) throws(SubwordError) {
    var reader = WireReader(bytes)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (3, .number(let type)): modelType = type
      case (24, .number(let flag)): treatsSpaceAsSuffix = flag != 0
      case (35, .number(let flag)): byteFallback = flag != 0
      case (44, .bytes(let text)): unknownSurface = try Self.text(text)
      default: break
      }
    }
  }

  private mutating func readNormalizer(_ bytes: ArraySlice<UInt8>) throws(SubwordError) {
    var reader = WireReader(bytes)
    while let (field, value) = try reader.next() {
      switch (field, value) {
      case (2, .bytes(let map)): charsMap = Array(map)
      case (3, .number(let flag)): addsDummyPrefix = flag != 0
      case (4, .number(let flag)): removesExtraSpaces = flag != 0
      case (5, .number(let flag)): escapesSpaces = flag != 0
      default: break
      }
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) throws(SubwordError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw SubwordError(.format, "a piece that is not UTF-8")
    }
    return text
  }
}
