// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Subwords

@Suite("Normalizer")
struct NormalizerTests {
  @Test("Unicode forms agree with the platform's", arguments: ["NFC", "NFD", "NFKC", "NFKD"])
  func forms(_ name: String) throws {
    let form = try #require(Normalizer.UnicodeForm(rawValue: name))
    var random = SeededGenerator(state: 17)
    for _ in 0..<400 {
      let text = random.text(upTo: 12)
      let expected =
        switch form {
        case .nfc: text.precomposedStringWithCanonicalMapping
        case .nfd: text.decomposedStringWithCanonicalMapping
        case .nfkc: text.precomposedStringWithCompatibilityMapping
        case .nfkd: text.decomposedStringWithCompatibilityMapping
        }
      #expect(
        scalars(Normalizer.unicode(form).normalize(text)) == scalars(expected), "\(scalars(text))")
    }
  }

  @Test("simple kinds do what their names say")
  func simple() throws {
    #expect(Normalizer.strip(left: true, right: false).normalize(" \u{3000}a ") == "a ")
    #expect(Normalizer.strip(left: false, right: true).normalize(" a \n") == " a")
    #expect(Normalizer.strip(left: true, right: true).normalize("  ") == "")
    #expect(Normalizer.prepend("_").normalize("a") == "_a")
    #expect(Normalizer.prepend("_").normalize("") == "")
    #expect(Normalizer.lowercase.normalize("ÀB İ") == "àb i\u{307}")
    #expect(
      Normalizer.replace(.regex(try Pattern(" {2,}")), content: "-").normalize("a b  c   ")
        == "a b-c-")
    #expect(Normalizer.replace(.literal("ab"), content: "").normalize("aabb ab") == "ab ")
  }

  @Test("added tokens keep to whole words and take spaces with them")
  func addedTokens() throws {
    let tokens = [
      AddedToken(id: 0, content: "<x>", stripsRight: true),
      AddedToken(id: 1, content: "cat", isSingleWord: true, isSpecial: false),
      AddedToken(id: 2, content: "<xy>", stripsLeft: true),
      AddedToken(id: 3, content: "HI", isNormalized: true, isSpecial: false),
    ]
    let added = try AddedVocabulary(tokens, normalizer: .lowercase)
    let text = "cats cat<x>  b <xy>Hi <x"
    let found = added.extract(
      from: AlignedText(text.utf8, origin: 0, isAligned: true), normalizer: .lowercase,
      recognizesSpecial: true)
    let parts = found.splits.map { split in
      (String(decoding: found.text.bytes[split.range], as: UTF8.self), split.token)
    }
    #expect(parts.map(\.0) == ["cats ", "cat", "<x>  ", "b", " <xy>", "hi", " <x"])
    #expect(parts.map(\.1) == [-1, 1, 0, -1, 2, 3, -1])
  }
}
