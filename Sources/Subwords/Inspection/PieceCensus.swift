// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// What kinds of pieces a vocabulary has, and which of them text uses.
public struct PieceCensus: Sendable, Equatable, Codable {
  /// The pieces of one script.
  public struct ScriptCount: Sendable, Equatable, Codable {
    /// The script of most letters, by its ISO 15924 code; `Zyyy` for digits, signs and the like.
    public var script: String
    /// How many pieces of the vocabulary.
    public var pieces: Int
    /// How many of them some text used.
    public var used: Int
    /// How often they were used.
    public var tokens: Int
  }

  /// The pieces of one length.
  public struct LengthCount: Sendable, Equatable, Codable {
    /// The length in Unicode scalars, without marks of spaces and of word parts.
    public var length: Int
    /// How many pieces of the vocabulary.
    public var pieces: Int
    /// How often they were used.
    public var tokens: Int
  }

  /// Pieces of text.
  public var text: Int
  /// Byte pieces.
  public var bytes: Int
  /// Special tokens, the unknown piece among them, and ids without a piece.
  public var special: Int
  /// Pieces of text that no text used.
  public var unused: Int
  /// Pieces of text by script, the most pieces first.
  public var scripts: [ScriptCount]
  /// Pieces of text by length.
  public var lengths: [LengthCount]

  init(_ tokenizer: Tokenizer, _ kinds: PieceKinds, _ uses: [PieceCounts]) {
    var counts = [Int](repeating: 0, count: kinds.kinds.count)
    for use in uses {
      for (id, count) in zip(use.ids, use.counts) where counts.indices.contains(Int(id)) {
        counts[Int(id)] += count
      }
    }
    (text, bytes, special, unused) = (0, 0, 0, 0)
    let surface = PieceSurface(tokenizer, kinds)
    var byScript = Script.all.map { ScriptCount(script: $0.code, pieces: 0, used: 0, tokens: 0) }
    var byLength: [LengthCount] = []
    for (index, kind) in kinds.kinds.enumerated() {
      switch kind {
      case .byte: bytes += 1
      case .special, .unknown, .none: special += 1
      case .text:
        text += 1
        if counts[index] == 0 { unused += 1 }
        let form = surface.text(Int32(index))
        let script = Int((form.dominantScript ?? .common).rawValue)
        byScript[script].pieces += 1
        byScript[script].used += counts[index] > 0 ? 1 : 0
        byScript[script].tokens += counts[index]
        let length = form.unicodeScalars.count
        while byLength.count <= length {
          byLength.append(LengthCount(length: byLength.count, pieces: 0, tokens: 0))
        }
        byLength[length].pieces += 1
        byLength[length].tokens += counts[index]
      }
    }
    scripts = byScript.filter { $0.pieces > 0 }.sorted {
      $0.pieces != $1.pieces
        ? $0.pieces > $1.pieces : $0.script.utf8.lexicographicallyPrecedes($1.script.utf8)
    }
    lengths = byLength.filter { $0.pieces > 0 }
  }
}

/// The text of a piece without the marks that models put on it.
struct PieceSurface {
  private let tokenizer: Tokenizer
  /// Whether pieces that go on a word begin with `##`, as WordPiece has it.
  private let hasHashes: Bool

  init(_ tokenizer: Tokenizer, _ kinds: PieceKinds) {
    self.tokenizer = tokenizer
    let hashed = kinds.kinds.indices.reduce(0) { count, index in
      tokenizer.piece(of: Int32(index))?.utf8.starts(with: "##".utf8) == true ? count + 1 : count
    }
    // A vocabulary of whole text has a few such pieces too: headings.
    hasHashes = hashed * 50 > kinds.kinds.count
  }

  func text(_ id: Int32) -> String {
    let piece = tokenizer.piece(of: id) ?? ""
    // Spellings of bytes, as in byte-level BPE, are undone by decoding; half a scalar stays as it is spelled.
    var text = tokenizer.decode([id], skippingSpecialTokens: false)
    if text.isEmpty || text.unicodeScalars.contains("\u{FFFD}") { text = piece }
    var scalars = text.unicodeScalars[...]
    if hasHashes, piece.utf8.starts(with: "##".utf8), text.utf8.starts(with: "##".utf8) {
      scalars = scalars.dropFirst(2)
    }
    while let first = scalars.first, Self.isSpace(first) { scalars.removeFirst() }
    while let last = scalars.last, Self.isSpace(last) { scalars.removeLast() }
    return String(scalars)
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\u{2581}" || UTF8Scalar.isWhitespace(scalar.value)
  }
}
