// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Subwords

@Suite("Character map")
struct CharacterMapTests {
  @Test("gives back the rules that it was made of")
  func rules() throws {
    let sorted = try Fixtures.map.rules
    #expect(Set(sorted) == Set(Fixtures.rules))
    #expect(sorted.count == Fixtures.rules.count)
    #expect(try CharacterMap(rules: Fixtures.rules.reversed()).blob == Fixtures.map.blob)
  }

  @Test("normalises clusters as tokenizers and prefixes as SentencePiece does")
  func twoManners() throws {
    let map = try Fixtures.map
    let clusters = Normalizer.precompiled(map)
    #expect(scalars(clusters.normalize("e\u{301}")) == [0xE9])
    #expect(clusters.normalize("a\r\nb") == "a b")
    #expect(scalars(clusters.normalize("①\u{301}")) == [0x31])
    #expect(clusters.normalize("ﬁ\u{1}x") == "fix")
    let prefixes = Normalizer.sentencePiece(
      SentencePieceNormalizer(map: map, addsDummyPrefix: false))
    #expect(scalars(prefixes.normalize("①\u{301}")) == [0x31, 0x301])
    #expect(prefixes.normalize("  a\r\n b\t") == "a\u{2581}b")
  }

  @Test("no blob, however broken, reads outside or crashes")
  func hostile() throws {
    let blob = try Fixtures.map.blob
    var random = SeededGenerator(state: 11)
    for length in 0..<min(blob.count, 64) {
      if length > 0 {
        #expect(throws: SubwordError.self) { try CharacterMap(blob: Array(blob.prefix(length))) }
      }
    }
    for _ in 0..<200 {
      var broken = blob
      for _ in 0..<8 {
        broken[Int.random(in: 0..<broken.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      guard let map = try? CharacterMap(blob: broken) else { continue }
      let text = random.text(upTo: 40)
      let output = Normalizer.precompiled(map).normalize(text)
      #expect(String(validating: output.utf8, as: UTF8.self) != nil)
      _ = Normalizer.sentencePiece(SentencePieceNormalizer(map: map)).normalize(text)
    }
  }

  @Test("refuses rules that cannot be stored")
  func refusals() {
    #expect(throws: SubwordError.self) { try CharacterMap(rules: [.init([], ["a"])]) }
    #expect(throws: SubwordError.self) { try CharacterMap(rules: [.init(["\u{0}"], ["a"])]) }
    #expect(throws: SubwordError.self) {
      try CharacterMap(rules: [.init(["a"], ["b"]), .init(["a"], ["c"])])
    }
  }

  @Test("nmt_nfkc composes, folds and clears")
  func nmt() throws {
    let map = try CharacterMap.nmtNFKC()
    let normalizer = Normalizer.sentencePiece(
      SentencePieceNormalizer(
        map: map, addsDummyPrefix: false, removesExtraWhitespaces: false, escapesWhitespaces: false)
    )
    let table: [(String, String)] = [
      ("e\u{301}", "é"), ("A\u{302}\u{300}", "\u{1EA6}"), ("ＡＢ１", "AB1"), ("ﬁ", "fi"),
      ("\u{1100}\u{1161}\u{11A8}", "\u{AC01}"), ("a\u{0}b\u{7}", "a\u{0}b"), ("a\u{A0}b", "a b"),
      ("\u{FF76}\u{FF9E}", "\u{30AC}"), ("～", "～"), ("x\u{FEFF}", "x "),
    ]
    for (input, expected) in table {
      #expect(scalars(normalizer.normalize(input)) == scalars(expected), "\(input)")
    }
    var random = SeededGenerator(state: 3)
    for _ in 0..<300 {
      // Letters with one mark each stand in canonical order, where the rules are all of NFKC.
      let base = try #require("aeiouAOZsn".randomElement(using: &random))
      let mark = try #require(Unicode.Scalar(UInt32.random(in: 0x300...0x33F, using: &random)))
      let text = "\(base)" + String(mark)
      #expect(
        scalars(normalizer.normalize(text))
          == scalars(text.precomposedStringWithCompatibilityMapping))
    }
  }

  @Test(
    "knows whether a rule reads a space, wherever the space stands in it",
    arguments: [
      ("a b", true), (" x", true), ("x ", true), ("éß c", true), ("  ", true), (" ", true),
      ("abc", false),
    ])
  func spaces(source: String, reads: Bool) throws {
    let rule = CharacterMap.Rule(Array(source.unicodeScalars), ["_"])
    let map = try CharacterMap(rules: Fixtures.rules + [rule])
    #expect(map.readsSpaces == reads)
    #expect(try !Fixtures.map.readsSpaces)
    // Counting words by themselves or lines as a whole, whichever is right, gives the words of the line.
    let normalizer = SentencePieceNormalizer(map: map)
    let text = try TrainingText(TrainerSpecification(), normalizer: normalizer)
    let line = "q a b  x éß cq abc\u{1} \u{1} ab"
    try text.add(line, language: text.language(named: ""))
    var counts = [String: Int64]()
    try text.forEachWord(of: 0) { counts[String(decoding: $0, as: UTF8.self), default: 0] += $1 }
    var expected = [String: Int64]()
    let whole = Normalizer.sentencePiece(normalizer).normalize(line)
    try Array(whole.utf8).withUnsafeBufferPointer { bytes in
      try text.splitter.words(of: bytes) {
        expected[String(decoding: $0, as: UTF8.self), default: 0] += 1
      }
    }
    #expect(counts == expected)
  }

  @Test("leaves out spellings that shorter rules bring to the same end")
  func redundant() {
    func spells(_ singles: [CharacterMap.Rule]) -> Bool {
      NMTNormalization.rules(singles: singles).contains { $0.source == ["a", "\u{300}"] }
    }
    #expect(spells([.init(["ａ"], ["a"])]))
    #expect(spells([.init(["\u{300}"], [])]))
    #expect(!spells([.init(["\u{300}"], []), .init(["a"], ["à"])]))
  }
}
