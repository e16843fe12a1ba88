// SPDX-License-Identifier: Apache-2.0

/// Decoding as SentencePiece does it: control pieces vanish, the unknown piece has a surface of
/// its own, bytes are joined, and the first space is dropped if encoding had put it there.
struct SentencePieceDecoding: Sendable, Equatable {
  /// What the unknown piece becomes.
  var unknownSurface = " \u{2047} "
  var addsDummyPrefix: Bool
  var removesExtraWhitespaces: Bool

  func decode(
    _ ids: [Int32], _ configuration: TokenizerConfiguration, skippingSpecialTokens: Bool
  ) -> String {
    let model = configuration.model
    var text = [UInt8]()
    var bytes = [UInt8]()
    var isAtStart = true
    var sawSpace = false
    for id in ids {
      guard let index = configuration.modelIndex(of: id) else {
        let token = configuration.addedTokens.first { $0.id == id }
        if let token, !(token.isSpecial && skippingSpecialTokens) {
          text.append(contentsOf: token.content.utf8)
        }
        continue
      }
      let kind = model.kinds.isEmpty ? .normal : model.kinds[index]
      if kind == .byte, let byte = PieceDecoder.byte(of: model.pieces[index]) {
        bytes.append(byte)
        continue
      }
      Self.append(&bytes, to: &text)
      if sawSpace || !text.isEmpty { isAtStart = false }
      sawSpace = false
      switch kind {
      case .control: break
      case .unknown: text.append(contentsOf: unknownSurface.utf8)
      default:
        var piece = Array(model.pieces[index].utf8)[...]
        let mark = SentencePieceNormalizer.mark
        if isAtStart, addsDummyPrefix || removesExtraWhitespaces, piece.starts(with: mark) {
          piece = piece.dropFirst(mark.count)
          // Where extra spaces are removed, every leading one goes, not only the first.
          sawSpace = !removesExtraWhitespaces
        }
        while !piece.isEmpty {
          if piece.starts(with: mark) {
            text.append(0x20)
            piece = piece.dropFirst(mark.count)
          } else {
            text.append(piece.removeFirst())
          }
        }
      }
    }
    Self.append(&bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Joins byte pieces; each byte that is in no well-formed scalar becomes one U+FFFD.
  private static func append(_ bytes: inout [UInt8], to text: inout [UInt8]) {
    bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        let length = UTF8Scalar.wellFormedLength(bytes, at: index)
        if length == 0 {
          text.append(contentsOf: [0xEF, 0xBF, 0xBD])
        } else {
          text.append(contentsOf: bytes[index..<index + length])
        }
        index += max(1, length)
      }
    }
    bytes.removeAll(keepingCapacity: true)
  }
}
