// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Reports
@testable import Subwords

@Suite("Subword reports") struct SubwordReportTests {
  /// A vocabulary of a few pieces, one of them hostile.
  private static func tokenizer(_ pieces: [String] = ["\u{2581}", "a", "b", "ab"]) throws
    -> Tokenizer
  {
    try Tokenizer(
      TokenizerConfiguration(
        preTokenizer: .metaspace(Metaspace()),
        model: .unigram(
          try Unigram(
            pieces: ["<unk>"] + pieces,
            scores: (0...pieces.count).map { -1 - Double($0) / 10 }, unknownID: 0))))
  }

  private static func inspection(
    _ texts: [(String, [String])], _ tokenizer: Tokenizer, name: String = "tiny",
    pivot: String? = nil, packs: [Pack] = []
  ) throws -> (VocabularyInspection, InspectionTally) {
    let sentences = texts.flatMap { language, lines in
      lines.enumerated().map {
        InspectionSentence(language: language, text: $1, key: UInt64($0))
      }
    }
    var tokens = pivot.map(PivotTokens.init(language:))
    let own = sentences.filter { $0.language == pivot }
    tokens?.add(own, counts: PivotTokens.counts(of: own, tokenizer))
    let inspector = try VocabularyInspector(
      tokenizer, name: name, packs: packs, pivot: tokens, resamples: 20)
    let tally = inspector.measure(sentences)
    return (inspector.inspection(of: tally), tally)
  }

  private static let texts = [
    ("en", ["ab ab", "a"]), ("xx", ["a b a b", "b b"]), ("zz", ["жжж ж", "ж a"]),
  ]

  @Test("the page says what it costs against the pivot, and who was left out because text is lost")
  func findings() throws {
    let page = try SubwordReport(
      title: "A title",
      vocabularies: [try Self.inspection(Self.texts, Self.tokenizer(), pivot: "en").0]
    ).html()
    // xx: 12 tokens for the 6 of en.
    #expect(page.contains("takes 2.00\u{A0}times the tokens of en in xx."))
    #expect(page.contains("Left out above"))
    #expect(page.contains("zz (62.5\u{A0}%)"))
    #expect(page.contains("class=\"lost\""))
  }

  @Test("every language, its numbers and the map of what they share are there")
  func languages() throws {
    let page = try SubwordReport(
      title: "A title", vocabularies: [try Self.inspection(Self.texts, Self.tokenizer()).0]
    ).html()
    for language in ["en", "xx", "zz"] {
      #expect(page.contains("<th scope=\"row\">\(language)</th>"))
    }
    // Cyrl, then Latn; the diagonal is ff.
    #expect(page.contains("data-names=\"zz\nen\nxx\""))
    let values = try #require(page.firstMatch(of: /data-values="([0-9a-f]{18})"/)).1
    #expect(values.hasPrefix("ff") && values.hasSuffix("ff"))
  }

  @Test("the same evidence gives the same bytes, which fetch nothing")
  func determinism() throws {
    let inspection = try Self.inspection(Self.texts, Self.tokenizer()).0
    let report = SubwordReport(title: "A title", vocabularies: [inspection])
    let page = try report.html()
    #expect(try page == report.html())
    #expect(!page.contains("src=") && !page.contains("@import") && !page.contains("url("))
    // The one address is the name of SVG.
    #expect(page.components(separatedBy: "http").count - 1 == 2)
    let copy = try JSONDecoder().decode(
      SubwordReport.self, from: JSONEncoder().encode(report))
    #expect(copy == report)
  }

  @Test("pieces, languages and names that try to leave their place stay text")
  func hostile() throws {
    let bad = Sample.hostile
    let tokenizer = try Self.tokenizer(["\u{2581}", "\"><script>alert(1)</script>"])
    let found = try Self.inspection(
      [(bad, ["\"><script>alert(1)</script>"]), ("b", ["x"])], tokenizer, name: bad,
      packs: [Pack(bad, ids: [2])])
    let page = try SubwordReport(
      title: bad, vocabularies: [found.0, found.0],
      comparisons: [VocabularyComparison(found, found)], facts: [.init(bad, bad)]
    ).html()
    #expect(!page.contains("<script>alert"))
    #expect(page.components(separatedBy: "<script>").count == 2)
    #expect(!page.contains("onload='x'") && !page.contains("\"\u{301} onmouseover"))
  }

  @Test("two vocabularies stand side by side, and packs say what they buy")
  func comparison() throws {
    let tokenizer = try Self.tokenizer()
    let first = try Self.inspection(
      Self.texts, tokenizer, name: "old", packs: [Pack("pair", ids: [4])])
    let second = try Self.inspection(Self.texts, tokenizer.without([4]), name: "new")
    let page = try SubwordReport(
      title: "A title", vocabularies: [first.0, second.0],
      comparisons: [VocabularyComparison(first, second)]
    ).html()
    #expect(page.contains("<h2>new against old</h2>"))
    #expect(page.contains("1.333"))  // en: 8 tokens for 6
    #expect(page.contains("saves 2 tokens in 1 language"))
  }

  @Test("a page of 205 languages stays below a megabyte and a half")
  func many() throws {
    let texts = (0..<205).map { ("l\($0)_Latn", ["ab a b ab", "a b", "b ab"]) }
    let page = try SubwordReport(
      title: "A title",
      vocabularies: [try Self.inspection(texts, Self.tokenizer(), pivot: "l0_Latn").0]
    ).html()
    #expect(page.utf8.count < 1_500_000)
  }

  @Test("nothing measured is an error")
  func nothing() throws {
    #expect(throws: ReportsError.self) { try SubwordReport(title: "", vocabularies: []).html() }
    let empty = try Self.inspection([], Self.tokenizer()).0
    #expect(throws: ReportsError.self) {
      try SubwordReport(title: "", vocabularies: [empty]).html()
    }
  }
}
