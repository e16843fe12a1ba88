// SPDX-License-Identifier: Apache-2.0

extension Tokenizer {
  /// The text of ids.
  ///
  /// - Parameters:
  ///   - ids: ids of this vocabulary; others are passed over.
  ///   - skippingSpecialTokens: whether special added tokens leave no trace.
  public func decode(_ ids: [Int32], skippingSpecialTokens: Bool = true) -> String {
    if let decoding = configuration.sentencePieceDecoding {
      return decoding.decode(ids, configuration, skippingSpecialTokens: skippingSpecialTokens)
    }
    let pieces = ids.compactMap { id in
      skippingSpecialTokens && isSpecial(id) ? nil : piece(of: id)
    }
    guard let decoder = configuration.decoder else { return pieces.joined(separator: " ") }
    return decoder.decode(pieces).joined()
  }
}
