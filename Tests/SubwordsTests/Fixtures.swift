// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Subwords

/// Splitmix64: the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// Text of up to `length` scalars from places where tokenizers go wrong.
  mutating func text(upTo length: Int) -> String {
    let ranges: [ClosedRange<UInt32>] = [
      0x20...0x7E, 0x20...0x20, 0x00...0x1F, 0xA0...0x17F, 0x300...0x36F, 0x600...0x6FF,
      0x900...0x97F, 0x1100...0x11FF, 0x2000...0x206F, 0x2460...0x24FF, 0x3040...0x30FF,
      0xAC00...0xACFF, 0xFE00...0xFFFF, 0x1F300...0x1F3FF, 0xE0100...0xE01EF,
    ]
    var scalars = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...length, using: &self) {
      guard let range = ranges.randomElement(using: &self),
        let scalar = Unicode.Scalar(UInt32.random(in: range, using: &self))
      else { continue }
      scalars.append(scalar)
    }
    return String(scalars)
  }
}

/// Small models made up for the tests.
enum Fixtures {
  static let pieces: [(String, Float)] = [
    ("\u{2581}", -2), ("a", -3), ("b", -3.5), ("ab", -4), ("\u{2581}a", -3.2), ("aa", -4.5),
    ("é", -5), ("中", -6), ("\u{2581}the", -3.9), ("the", -5), ("t", -4), ("h", -4), ("e", -4),
  ]

  /// An XLM-R style configuration over ``pieces``.
  static func xlmRoberta() throws -> TokenizerConfiguration {
    let all = ["<s>", "<pad>", "</s>", "<unk>"] + pieces.map(\.0) + ["<mask>"]
    let scores: [Float] = [0, 0, 0, 0] + pieces.map(\.1) + [0]
    return try .xlmRoberta(pieces: all, scores: scores, characterMap: map)
  }

  /// A few normalisation rules.
  static let rules: [CharacterMap.Rule] = [
    .init(["\t"], [" "]), .init(["\n"], [" "]), .init(["\r"], [" "]), .init(["\u{1}"], []),
    .init(["①"], ["1"]), .init(["ﬁ"], ["f", "i"]), .init(["e", "\u{301}"], ["é"]),
    .init(["\u{FF41}"], ["a"]), .init(["\u{3000}"], [" "]),
  ]

  static var map: CharacterMap {
    get throws { try CharacterMap(rules: rules) }
  }

  /// A SentencePiece unigram model with all byte pieces.
  static func sentencePiece(byteFallback: Bool = true) throws -> [UInt8] {
    var model = [UInt8]()
    var entries: [(String, Float, Unigram.Kind)] = [
      ("<unk>", 0, .unknown), ("<s>", 0, .control), ("</s>", 0, .control),
    ]
    if byteFallback {
      entries += (0..<256).map { (PieceKind.bytePiece(UInt8($0)), 0, .byte) }
    }
    entries += pieces.map { ($0.0, $0.1, .normal) }
    for (piece, score, kind) in entries {
      let bits = score.bitPattern
      let body =
        field(1, Array(piece.utf8)) + [2 << 3 | 5]
        + [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: bits >> $0) }
        + [3 << 3, kind.rawValue]
      model += field(1, body)
    }
    let flag: UInt8 = byteFallback ? 1 : 0
    model += field(2, [3 << 3, 1, 35 << 3 & 0x7F | 0x80, 35 >> 4, flag])
    return model + field(3, field(2, try map.blob))
  }

  static func field(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
    var length = body.count
    var bytes = [number << 3 | 2]
    while length >= 0x80 {
      bytes.append(UInt8(length & 0x7F | 0x80))
      length >>= 7
    }
    return bytes + [UInt8(length)] + body
  }
}

/// The scalars of a text: what `==` on strings does not compare.
func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }
