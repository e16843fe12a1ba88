// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Metrics

@Suite("Results") struct ResultsTests {
  private let header = ResultsDocument.Header(
    recipe: "intents (transfer/v1)", seed: 17, versions: ["koine": "0.1.0", "base": "e5-small"])

  private func row(
    _ language: String, _ value: Double?, _ method: String? = "frozen",
    metric: String = "accuracy"
  ) -> ResultRow {
    ResultRow(
      task: "intents", language: language, split: "test", n: 200, metric: metric, value: value,
      interval: value.map { Interval(low: $0 - 0.05, high: $0 + 0.05) }, method: method)
  }

  @Test("the gap is the source's score minus the mean over the others")
  func gap() throws {
    let scores = [("en", 0.9), ("sw", 0.5), ("fi", 0.7), ("de", 0.8)].map {
      TransferGap.Score(language: $0, value: $1)
    }
    let gap = try TransferGap(scores: scores, source: "en")
    #expect(abs((gap.gap ?? .nan) - (0.9 - 2.0 / 3)) < 1e-12)
    #expect(gap.weakest?.language == "sw")
    #expect(abs((gap.weakestMean(2) ?? .nan) - 0.6) < 1e-12)
    #expect(gap.weakestMean(99) == gap.meanOfOthers)
    #expect(gap.weakestMean(0) == nil)
  }

  @Test("one language alone has no gap")
  func oneLanguage() throws {
    let gap = try TransferGap(scores: [.init(language: "en", value: 0.9)], source: "en")
    #expect(gap.gap == nil && gap.weakest == nil && gap.meanOfOthers == nil)
  }

  @Test("a missing source, a language given twice and NaN are refused")
  func refusals() {
    func refusal(_ scores: [(String, Double)]) -> MetricsError.Code? {
      #expect(throws: MetricsError.self) {
        try TransferGap(
          scores: scores.map { .init(language: $0, value: $1) }, source: "en")
      }?.code
    }
    #expect(refusal([("sw", 0.5)]) == .sourceMissing)
    #expect(refusal([("en", 0.5), ("en", 0.6)]) == .duplicateResult)
    #expect(refusal([("en", 0.5), ("sw", .nan)]) == .valueOutOfRange)
  }

  @Test("each method and metric has a gap of its own, languages without a number left out")
  func gaps() throws {
    let rows = [
      row("en", 0.9), row("sw", 0.5), row("fi", nil), row("en", 0.8, "tuned"),
      row("sw", 0.7, "tuned"), row("en", 0.1, metric: "ece"),
    ]
    let document = try ResultsDocument(header: header, rows: rows, sourceLanguage: "en")
    #expect(document.transferGaps.map(\.method) == ["frozen", "tuned"])
    #expect(document.transferGaps.map(\.languages) == [1, 1])
    #expect(document.transferGaps[0].gap == 0.9 - 0.5)
  }

  @Test("the same document gives the same bytes and reads back as it was")
  func roundTrip() throws {
    let rows = [
      row("en", 0.1 + 0.2), row("sw", 1.0 / 3), row("fi", .nan), row("a/b \"é\"", 1, nil),
    ]
    let document = try ResultsDocument(
      header: header, rows: rows + [row("en", 0.5, nil)], sourceLanguage: "en")
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-results-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("results.json")
    try document.write(to: file)
    let first = try Data(contentsOf: file)
    try document.write(to: file)
    #expect(try Data(contentsOf: file) == first)
    #expect(try ResultsDocument(contentsOf: file) == document)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["results.json"])
    let text = String(decoding: first, as: UTF8.self)
    #expect(text.contains("0.30000000000000004"))
    #expect(text.contains("\"value\" : null"))
    #expect(text.hasSuffix("}\n"))
  }

  @Test("a folder that is not there and a file of another kind are named in the error")
  func badFiles() throws {
    let nowhere = URL(fileURLWithPath: "/nonexistent/results.json")
    let document = try ResultsDocument(header: header, rows: [], sourceLanguage: "en")
    let written = #expect(throws: MetricsError.self) { try document.write(to: nowhere) }
    #expect(written?.code == .unwritable && written?.location == nowhere.path)
    let read = #expect(throws: MetricsError.self) { try ResultsDocument(contentsOf: nowhere) }
    #expect(read?.code == .unreadable && read?.location == nowhere.path)
  }
}
