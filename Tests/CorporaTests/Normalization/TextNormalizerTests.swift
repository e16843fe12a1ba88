// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("TextNormalizer")
struct TextNormalizerTests {
  private func language(_ tag: String) throws -> LanguageTag { try LanguageTag(tag) }

  @Test("takes steps in the order in which they are named")
  func order() throws {
    let first = try TextNormalizer(names: ["ellipsis", "spaces"])
    #expect(first("a …  b") == "a ... b")
    // Quotes first leave nothing that NFKC would have made of the double prime's neighbour.
    let folded = try TextNormalizer(names: ["casefold", "transliterate:Latin-ASCII"])
    let other = try TextNormalizer(names: ["transliterate:Latin-ASCII", "casefold"])
    #expect(folded("ẞÆ") == "ssae")
    #expect(other("ẞÆ") == "ssae")
    let digits = try TextNormalizer(names: ["width", "lowercase"])
    #expect(digits("ＡＢ") == "ab")
  }

  @Test(
    "suits the language",
    arguments: [
      ("zh-Hans", "他说：“你好，１２！”——", "他说：“你好，12！”——"),
      ("ja", "ｶﾅと　ＡＢＣ。", "カナと ABC。"),
      ("km", "ខ្មែរ\u{200b}អាន", "ខ្មែរ\u{200b}អាន"),
      ("en", "in\u{200b}visible “ﬁt” – so", "invisible \"fit\" - so"),
      ("fa", "كتاب\u{200c}ها «يك» ـــ", "کتاب\u{200c}ها \"یک\""),
      ("ar", "كتاب علي", "كتاب علي"),
      ("ro", "şi ţară", "și țară"), ("tr", "şimdi IŞIK", "şimdi IŞIK"),
    ])
  func profiles(_ tag: String, _ text: String, _ expected: String) throws {
    let normalizer = try TextNormalizer(language: language(tag))
    #expect(Array(normalizer(text).utf8) == Array(expected.utf8))
  }

  @Test("stands for the profile among named steps")
  func profileAmongSteps() throws {
    let normalizer = try TextNormalizer(
      names: ["profile", "lowercase"], language: language("tr"))
    #expect(
      normalizer.steps.map(\.name) == NormalizationProfile(try language("tr")).steps + ["lowercase"]
    )
    #expect(normalizer("  IĞDIR ’da") == "ığdır 'da")
  }

  @Test("changes ASCII text as the steps do, although it passes most of it by")
  func fastPath() throws {
    let texts = [
      "", " ", "a", " a", "a ", "a  b", "a\tb", "A", "a\u{7f}", "&lt;", "tel: 1-2 'x' \"y\"",
    ]
    for step in NormalizationStep.all {
      let normalizer = TextNormalizer([step])
      for text in texts {
        #expect(Array(normalizer(text).utf8) == Array(step(text).utf8), "\(step.name): '\(text)'")
        #expect(normalizer(Array(text.utf8)) == Array(step(text).utf8))
      }
    }
  }

  @Test("is done when it is done: a second time changes nothing")
  func idempotent() throws {
    let text = "„Fußball“ … ﷺ ـمـ ﻻ ｶﾞ Ａ१٢ é e\u{301} क़ İI 한 \u{200b}\u{ad}x"
    for tag in ["en", "fa", "ar", "ja", "ko", "km", "tr", "ro", "hi", "he"] {
      let normalizer = try TextNormalizer(language: language(tag))
      let once = normalizer(text)
      #expect(Array(normalizer(once).utf8) == Array(once.utf8), "\(tag)")
    }
  }

  @Test("keeps records whole: columns and keys that hold no text stay byte for byte")
  func records() throws {
    let folder = try TemporaryFolder()
    let table = try folder.write("id\ttext\tnote\n1\tａ  b\t“x”  \n", to: "a.tsv")
    let json = try folder.write(
      "{\"n\": 1.50, \"text\": \"\\u201cq\\u201d\\n\", \"x\": [\"“\", {\"text\": 2}]}\n",
      to: "a.jsonl")
    let normalizer = try TextNormalizer(names: ["quotes", "width", "spaces"])
    for (path, expected) in [
      (table, "id\ttext\tnote\n1\ta b\t“x”  \n"),
      (json, "{\"n\": 1.50, \"text\": \"\\\"q\\\"\", \"x\": [\"“\", {\"text\": 2}]}\n"),
    ] {
      let output = try LineWriter(folder.path("out"))
      let summary = try NormalizationRun(normalizer).run(
        [RecordReader([path], layout: RecordLayout(path: path))], to: output)
      try output.commit()
      #expect(try String(contentsOfFile: folder.path("out"), encoding: .utf8) == expected)
      #expect(summary.count == 1 && summary.changed == 1)
    }
  }
}
