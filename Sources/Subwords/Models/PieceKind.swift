// SPDX-License-Identifier: Apache-2.0

/// What a piece of a SentencePiece model is allowed to do.
public enum PieceKind: UInt8, Sendable, Equatable, CaseIterable {
  /// Found in text by its score.
  case normal = 1
  /// The unknown piece.
  case unknown = 2
  /// Never found in text, invisible when decoded.
  case control = 3
  /// Always found in text.
  case userDefined = 4
  /// Never the result of an encoding.
  case unused = 5
  /// A byte, written `<0xHH>`.
  case byte = 6

  /// The spelling of a byte piece: `<0x00>` to `<0xFF>`.
  public static func bytePiece(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.utf8.count == 1 ? "<0x0\(digits)>" : "<0x\(digits)>"
  }
}
