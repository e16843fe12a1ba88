// SPDX-License-Identifier: Apache-2.0

/// How pieces stand in a line with spaces between them.
///
/// Where a tokenizer makes spaces visible (U+2581, as SentencePiece and its kin do), no piece has a plain space
/// in it, and pieces are written as they are. Elsewhere a backslash, a space, a tab, a carriage return and a line
/// feed inside a piece are written `\\`, `\s`, `\t`, `\r` and `\n`, so that the line can be read back.
public struct PieceSpelling: Sendable, Equatable {
  /// Whether pieces are written with escapes.
  public let escapes: Bool

  /// A spelling with escapes or without.
  public init(escapes: Bool) { self.escapes = escapes }

  /// The spelling that a tokenizer's pieces need.
  public init(for tokenizer: Tokenizer) { escapes = !tokenizer.configuration.marksSpaces }

  /// Appends a piece to a line.
  public func append(_ piece: String, to line: inout [UInt8]) {
    guard escapes else {
      line.append(contentsOf: piece.utf8)
      return
    }
    for byte in piece.utf8 {
      guard let letter = Self.letter(for: byte) else {
        line.append(byte)
        continue
      }
      line.append(UInt8(ascii: "\\"))
      line.append(letter)
    }
  }

  /// The pieces of a line; neighbouring spaces part only once.
  ///
  /// - Throws: ``SubwordError/Code/malformed`` where an escape is none of the five.
  public func pieces(in line: String) throws(SubwordError) -> [String] {
    var pieces: [String] = []
    for part in line.utf8.split(separator: UInt8(ascii: " ")) {
      pieces.append(try piece(Array(part)))
    }
    return pieces
  }

  private func piece(_ bytes: [UInt8]) throws(SubwordError) -> String {
    guard escapes, bytes.contains(UInt8(ascii: "\\")) else {
      return String(decoding: bytes, as: UTF8.self)
    }
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\") else {
        result.append(bytes[index])
        index += 1
        continue
      }
      guard index + 1 < bytes.count, let byte = Self.byte(for: bytes[index + 1]) else {
        throw SubwordError(
          .malformed,
          "expected \\\\, \\s, \\t, \\r or \\n in a piece, found “\(String(decoding: bytes, as: UTF8.self))”"
        )
      }
      result.append(byte)
      index += 2
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func letter(for byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\\"): UInt8(ascii: "\\")
    case UInt8(ascii: " "): UInt8(ascii: "s")
    case UInt8(ascii: "\t"): UInt8(ascii: "t")
    case UInt8(ascii: "\r"): UInt8(ascii: "r")
    case UInt8(ascii: "\n"): UInt8(ascii: "n")
    default: nil
    }
  }

  private static func byte(for letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\\"): UInt8(ascii: "\\")
    case UInt8(ascii: "s"): UInt8(ascii: " ")
    case UInt8(ascii: "t"): UInt8(ascii: "\t")
    case UInt8(ascii: "r"): UInt8(ascii: "\r")
    case UInt8(ascii: "n"): UInt8(ascii: "\n")
    default: nil
    }
  }
}

extension TokenizerConfiguration {
  /// Whether plain spaces never reach the model.
  var marksSpaces: Bool {
    (normalizer?.marksSpaces ?? false) || (preTokenizer?.marksSpaces ?? false)
  }
}

extension Normalizer {
  /// Whether spaces are visible behind it.
  var marksSpaces: Bool {
    switch self {
    case .sentencePiece(let normalizer): normalizer.escapesWhitespaces
    case .sequence(let parts): parts.last?.marksSpaces ?? false
    default: false
    }
  }
}

extension PreTokenizer {
  fileprivate var marksSpaces: Bool {
    switch self {
    case .metaspace: true
    case .sequence(let parts): parts.contains(where: \.marksSpaces)
    default: false
    }
  }
}
