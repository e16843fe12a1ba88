// SPDX-License-Identifier: Apache-2.0

extension Tokenizer {
  /// The text of pieces; one that the vocabulary has not stands for itself, as unknown text does.
  ///
  /// - Parameters:
  ///   - pieces: pieces as ``Encoding/pieces`` gives them.
  ///   - skippingSpecialTokens: whether special added tokens leave no trace.
  public func decode(pieces: [String], skippingSpecialTokens: Bool = true) -> String {
    guard configuration.sentencePieceDecoding != nil else {
      let kept = pieces.filter { piece in
        !(skippingSpecialTokens && id(of: piece).map(isSpecial) ?? false)
      }
      guard let decoder = configuration.decoder else { return kept.joined(separator: " ") }
      return decoder.decode(kept).joined()
    }
    // SentencePiece decodes by ids: stretches without unknown pieces are decoded and put together. A
    // stretch that does not open the text is decoded behind a piece that is taken off again, so that
    // its first space is kept.
    var text = ""
    var known: [Int32] = []
    let flush = {
      guard !known.isEmpty else { return }
      if text.isEmpty {
        text = self.decode(known, skippingSpecialTokens: skippingSpecialTokens)
      } else {
        let opening = self.openingID.map { [$0] } ?? []
        let whole = self.decode(opening + known, skippingSpecialTokens: skippingSpecialTokens)
        text += String(
          decoding: whole.utf8.dropFirst(self.decode(opening).utf8.count), as: UTF8.self)
      }
      known = []
    }
    for piece in pieces {
      if let id = id(of: piece) {
        known.append(id)
      } else {
        flush()
        text += piece
      }
    }
    flush()
    return text
  }

  /// A piece that is text and begins without a space.
  private var openingID: Int32? {
    (0..<Int32(clamping: vocabularySize)).first { id in
      guard let piece = piece(of: id), !isSpecial(id), id != unknownID else { return false }
      return self.decode([id]).utf8.elementsEqual(piece.utf8) && !piece.isEmpty
    }
  }
}
