// SPDX-License-Identifier: Apache-2.0

/// Turns lines of ids or pieces back into lines of text.
public struct LineDecoder: Sendable {
  /// What the lines hold.
  public enum Input: String, Sendable, CaseIterable {
    /// Ids between spaces.
    case ids
    /// Pieces between spaces, as ``PieceSpelling`` writes them.
    case pieces
  }

  /// The tokenizer.
  public let tokenizer: Tokenizer
  private let input: Input
  private let skipsSpecialTokens: Bool
  private let spelling: PieceSpelling

  /// A decoder; special tokens leave no trace unless asked to.
  public init(_ tokenizer: Tokenizer, input: Input = .ids, skipsSpecialTokens: Bool = true) {
    self.tokenizer = tokenizer
    self.input = input
    self.skipsSpecialTokens = skipsSpecialTokens
    spelling = PieceSpelling(for: tokenizer)
  }

  /// Appends a line's text and a line feed to `output`; line feeds in the text become spaces, so that a line
  /// stays one.
  ///
  /// - Throws: ``SubwordError/Code/malformed`` where the line holds something else, or an id that the
  ///   vocabulary has not.
  public func append(_ line: String, to output: inout [UInt8]) throws(SubwordError) {
    let text =
      switch input {
      case .ids:
        tokenizer.decode(try ids(in: line), skippingSpecialTokens: skipsSpecialTokens)
      case .pieces:
        tokenizer.decode(
          pieces: try spelling.pieces(in: line), skippingSpecialTokens: skipsSpecialTokens)
      }
    for byte in text.utf8 { output.append(byte == UInt8(ascii: "\n") ? 0x20 : byte) }
    output.append(UInt8(ascii: "\n"))
  }

  private func ids(in line: String) throws(SubwordError) -> [Int32] {
    var ids: [Int32] = []
    let spaces: [UInt8] = [0x20, 0x09, 0x0D]
    for word in line.utf8.split(whereSeparator: { spaces.contains($0) }) {
      let text = String(decoding: word, as: UTF8.self)
      guard let id = Int32(text), id >= 0 else {
        throw SubwordError(
          .malformed, "expected ids, whole numbers between spaces, found “\(text)”")
      }
      guard tokenizer.piece(of: id) != nil else {
        throw SubwordError(
          .malformed,
          "expected ids below the vocabulary's \(tokenizer.vocabularySize), found \(id); was the line "
            + "made with another model?")
      }
      ids.append(id)
    }
    return ids
  }
}
