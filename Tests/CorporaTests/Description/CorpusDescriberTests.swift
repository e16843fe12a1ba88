// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("CorpusDescriber")
struct CorpusDescriberTests {
  private func describe(_ texts: [CorpusDescriber.Text]) -> CorpusDescription {
    var describer = CorpusDescriber()
    describer.begin(file: "a.tsv")
    describer.add(texts)
    return describer.description()
  }

  @Test("counts texts, bytes, scalars, words and types of each language")
  func amounts() throws {
    let description = describe([
      .init("One two, TWO žluť", language: "en"), .init("one", language: "en"),
      .init("我们 abc", language: "zh"),
    ])
    #expect(description.languages.map(\.language) == ["en", "zh"])
    let english = try #require(description.languages.first).amount
    #expect(english.texts == 2 && english.words == 5 && english.tokens == 5 && english.types == 3)
    #expect(english.bytes == 19 + 3 && english.scalars == 17 + 3)
    #expect(english.typeTokenRatio == 0.6)
    #expect(english.length.shortest == 3 && english.length.longest == 17)
    let chinese = try #require(description.languages.last).amount
    #expect(chinese.scripts.map(\.name) == ["Latn", "Hani"])
    #expect(chinese.scripts.map(\.share) == [0.6, 0.4])
    // A pair of letters of Han, and a word.
    #expect(chinese.types == 2)
  }

  @Test("weighs labels: entropy, balance and majority")
  func labels() throws {
    let even = describe((0..<8).map { .init("text \($0)", label: "l\($0 % 4)") })
    let labels = try #require(even.languages.first).labels
    #expect(labels.entropy == 2 && labels.balance == 1 && labels.majority == 0.25)
    let odd = try #require(
      describe((0..<8).map { .init("text \($0)", label: $0 < 6 ? "a" : "b") }).languages.first
    ).labels
    #expect(odd.shares.map(\.name) == ["a", "b"] && odd.majority == 0.75)
    #expect(abs(odd.entropy - 0.811278) < 1e-6)
    #expect(describe([.init("x")]).languages[0].labels.labelled == 0)
  }

  @Test("counts copies, equal and near")
  func copies() throws {
    let text = "The committee will meet again on the first of next month in the town hall."
    let language = try #require(
      describe([
        .init(text), .init(text), .init(text.uppercased()), .init("Something else entirely here."),
      ]).languages.first)
    #expect(language.amount.exactDuplicates == 0.25)
    #expect(language.nearDuplicates == 0.5)
  }

  @Test("tells domains and dialects apart by their words")
  func domains() throws {
    let words = (0..<40).map { "w\($0)" }
    let texts = (0..<200).map { number -> CorpusDescriber.Text in
      let start = number % 3 == 0 ? 0 : 20
      let text = (0..<10).map { words[start + (number * 7 + $0 * 3) % 20] }.joined(separator: " ")
      return .init(
        text + " \(number)", dialect: number % 2 == 0 ? "north" : "south",
        domain: number % 3 == 0 ? "law" : "news")
    }
    let language = try #require(describe(texts).languages.first)
    #expect(language.domains.map(\.name) == ["law", "news"])
    #expect(language.dialects.map(\.name) == ["north", "south"])
    #expect(language.domains.allSatisfy { $0.divergence > 0.9 })
    #expect(language.dialects.allSatisfy { $0.divergence < 0.3 })
    #expect(language.divergences.map { [$0.left, $0.right] } == [["law", "news"]])
    #expect(language.halves < 0.3)
  }

  @Test("doubts labels that the words or a copy of the text contradict")
  func doubts() throws {
    let subjects = [
      "sport": ["goal", "team", "match", "coach", "league", "score", "player"],
      "cooking": ["salt", "oven", "butter", "recipe", "boil", "sauce", "onion"],
    ]
    var generator = StableGenerator(seed: 2)
    var texts: [CorpusDescriber.Text] = []
    for number in 0..<200 {
      let label = number % 2 == 0 ? "sport" : "cooking"
      let words = (0..<6).map { _ in subjects[label]?.randomElement(using: &generator) ?? "" }
      texts.append(
        .init(
          "\(words.joined(separator: " ")) of n\(generator.next() % 500)",
          label: label, line: number + 1))
    }
    texts[20].label = "cooking"
    texts[61].label = "sport"
    let copy = "An unusual sentence that nothing else in these data is like, word for word."
    texts.append(.init(copy, label: "sport", line: 201))
    texts.append(.init(copy + "!", label: "cooking", line: 202))
    let language = try #require(describe(texts).languages.first)
    #expect(try #require(language.foretold) > 0.9)
    #expect(language.suspects.first?.place == "a.tsv:202")
    #expect(language.suspects.first?.evidence == "1.00 like a.tsv:201, which is sport")
    #expect(Set(language.suspects.map(\.place)).isSuperset(of: ["a.tsv:21", "a.tsv:62"]))
    #expect(language.suspectCount <= 6)
    let wrong = try #require(language.suspects.first { $0.place == "a.tsv:21" })
    #expect(wrong.label == "cooking" && wrong.other == "sport")
    #expect(
      subjects["sport"]?.contains { wrong.evidence.contains($0) } == true, "\(wrong.evidence)")
  }

  @Test("doubts nothing where words say nothing of labels")
  func noDoubts() throws {
    var generator = StableGenerator(seed: 4)
    let texts = (0..<300).map { _ -> CorpusDescriber.Text in
      let words = (0..<12).map { _ in "w\(generator.next() % 400)" }
      return .init(words.joined(separator: " "), label: generator.next() % 2 == 0 ? "a" : "b")
    }
    #expect(try #require(describe(texts).languages.first).suspectCount <= 3)
  }

  @Test("counts different values exactly up to a limit, and within three standard errors beyond")
  func distinct() {
    for count in [10, 1000, 5000, 40_000, 200_000] {
      var counter = DistinctCounter(limit: 1000)
      for value in 0..<count {
        counter.insert(stableHash("\(value)"))
        if value % 3 == 0 { counter.insert(stableHash("\(value / 2)")) }
      }
      #expect(counter.isExact == (count <= 1000))
      #expect(abs(Double(counter.count - count)) <= (count <= 1000 ? 0 : 0.024 * Double(count)))
    }
  }

  @Test("gives lengths at quantiles, within one in a hundred beyond 1,024")
  func lengths() {
    var histogram = LengthHistogram()
    for length in 1...100_000 { histogram.insert(length) }
    let summary = histogram.summary
    #expect(summary.shortest == 1 && summary.longest == 100_000 && summary.mean == 50_000.5)
    #expect(abs(summary.median - 50_000) < 900 && abs(summary.p95 - 95_000) < 1600)
    #expect(abs(histogram.quantile(0.01) - 1000) <= 0)
    #expect(histogram.quantile(1) == 100_000)
  }

  @Test("reads languages, labels, dialects and domains from columns, whatever the threads")
  func files() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "text\tlabel\tlang\tvariety\tregister\nHello there\tx\ten\tUK\tmail\nGuten Tag\ty\tde\t\tmail\n",
      to: "a.tsv")
    let reader = ExampleReader()
    var columns = CorpusDescriber.Columns()
    (columns.dialect, columns.domain) = ("variety", "register")
    var results: [CorpusDescription] = []
    for threads in [1, 3] {
      var describer = CorpusDescriber()
      _ = try describer.add(
        file: path, reader: reader, columns: columns, language: nil, threads: threads)
      results.append(describer.description(threads: threads))
    }
    #expect(results[0] == results[1])
    #expect(results[0].languages.map(\.language) == ["de", "en"])
    #expect(results[0].languages[1].dialects.map(\.name) == ["UK"])
    #expect(results[0].languages[0].dialects.isEmpty)
    #expect(results[0].languages[0].domains.map(\.name) == ["mail"])
    #expect(results[0].text.contains("mail"))
  }
}
