// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Reports

@Suite("TransferReport") struct TransferReportTests {
  private func occurrences(of needle: String, in page: String) -> Int {
    page.components(separatedBy: needle).count - 1
  }

  /// What follows a section's start up to the next one.
  private func section(_ id: String, of page: String) throws -> String {
    let start = try #require(page.range(of: "<section id=\"\(id)\">"))
    let rest = page[start.upperBound...]
    return String(rest[..<(rest.range(of: "</section>")?.lowerBound ?? rest.endIndex)])
  }

  @Test("every section is there, for few languages and for many", arguments: [2, 5, 30])
  func sections(languages: Int) throws {
    let page = try Sample.report(languages: languages).html()
    let sections = [
      "languages", "methods", "projection", "reliability", "confusion", "mistakes", "notes",
      "provenance", "costs",
    ]
    for id in sections { _ = try section(id, of: page) }
    #expect(occurrences(of: "<section", in: page) == sections.count)
    #expect(occurrences(of: "class=\"lane\"", in: page) == languages)
    for name in ["sample", "CC0-1.0", "00ff", "recipe: transfer/v1", "1 min 01 s", "2.0 GiB"] {
      #expect(page.contains(name))
    }
  }

  @Test("the same evidence gives the same bytes")
  func determinism() throws {
    let report = Sample.report(languages: 12, points: 300)
    let decoded = try JSONDecoder().decode(
      TransferReport.self, from: JSONEncoder().encode(report))
    #expect(try Array(report.html().utf8) == Array(decoded.html().utf8))
  }

  @Test("thirty languages and more points than are drawn stay far below two megabytes")
  func size() throws {
    let text = String(repeating: "слово ", count: 200)
    let page = try Sample.report(
      languages: 30, classes: 150, points: 20_000, mistakes: 500, text: text
    ).html()
    #expect(page.utf8.count < 1_500_000)
    #expect(page.contains("1,500 of 20,000 points are drawn"))
    #expect(page.contains("The first 100 of 500 are listed."))
    #expect(page.contains("The 111 rarest labels are folded into one."))
  }

  @Test("the page asks the network for nothing")
  func noNetwork() throws {
    let page = try Sample.report().html()
    for word in ["http://", "https://", "src=", "@import", "url(", "<link"] {
      #expect(!page.contains(word))
    }
    #expect(page.contains("default-src 'none'"))
  }

  @Test("hostile text stays text, wherever it stands")
  func hostileText() throws {
    let evil = Sample.hostile
    var report = Sample.report(text: evil)
    let plain = try Sample.report().html()
    report.title = evil
    report.task = evil
    report.languages = report.languages.map { .init(code: $0.code, name: evil) }
    report.header = [.init(evil, evil)]
    report.methods[0].summary = evil
    report.confusions[0].title = evil
    report.confusions[0].labels[0] = evil
    report.reliability[0].title = evil
    report.mistakes[0].gold = evil
    report.mistakes[0].language = evil
    report.datasets[0].name = evil
    report.datasets[0].hashes = [.init(evil, evil)]
    report.baseEncoder = [.init(evil, evil)]
    report.recipe = evil
    report.stages[0].name = evil
    report.notes = [evil]
    report.projection?.summary = evil
    report.projection?.points[0].label = evil
    let page = try report.html()

    // What a parser would see: as many elements of the dangerous kinds as in the harmless page.
    for tag in ["<script", "</script", "</title", "<!--"] {
      #expect(occurrences(of: tag, in: page) == occurrences(of: tag, in: plain))
    }
    #expect(page.contains("&lt;/script&gt;"))
    #expect(page.contains("{{title}}"))
    // The quotation mark under a combining accent is one Character, and must be escaped too.
    let scalars = Array(page.unicodeScalars)
    for (index, scalar) in scalars.enumerated() where scalar == "\u{301}" || scalar == "\u{338}" {
      #expect(scalars[index - 1] == ";")
    }
    let forbidden = scalars.filter {
      ($0.value < 0x20 && $0 != "\n" && $0 != "\t") || (0x7F..<0xA0).contains($0.value)
        || $0.properties.isNoncharacterCodePoint
    }
    #expect(forbidden.isEmpty)
  }

  @Test("tags open and close in turn")
  func wellFormed() throws {
    for page in [try Sample.report(text: Sample.hostile).html(), try emptyReport().html()] {
      var open: [String] = []
      let void: Set<String> = ["meta", "input", "!doctype"]
      let body = page.replacing(/<(style|script)>[\s\S]*?<\/(style|script)>/, with: "")
      for match in body.matches(of: /<(\/?)([a-zA-Z!][a-zA-Z0-9]*)[^>]*>/) {
        let name = String(match.2)
        if void.contains(name.lowercased()) { continue }
        if match.1.isEmpty { open.append(name) } else { #expect(open.popLast() == name) }
      }
      #expect(open.isEmpty)
    }
  }

  private func emptyReport() -> TransferReport {
    TransferReport(title: "Empty", task: "nothing", sourceLanguage: "en")
  }

  @Test("an empty report says what was not recorded")
  func empty() throws {
    let page = try emptyReport().html()
    #expect(page.contains("Nothing has been measured yet."))
    #expect(page.contains("No mistakes were recorded."))
    #expect(page.contains("No confusion matrix was recorded."))
    #expect(page.contains("No confidences were recorded."))
    #expect(page.contains("No dataset was recorded."))
    #expect(!page.contains("<section id=\"projection\">"))
  }

  @Test("one language alone has a score and no gap")
  func oneLanguage() throws {
    let page = try Sample.report(languages: 1).html()
    #expect(page.contains("no other language was tested"))
    #expect(!page.contains("transfer gap"))
  }

  @Test(
    "numbers that are missing or not numbers are shown as a dash",
    arguments: [nil, Double.nan, .infinity, -.infinity])
  func missingNumbers(value: Double?) throws {
    var report = Sample.report(languages: 3)
    for index in report.scores.indices {
      report.scores[index].accuracy = value
      report.scores[index].low = value
      report.scores[index].high = value
      report.scores[index].macroF1 = value
      report.scores[index].calibrationError = value
    }
    report.reliability[0].calibrationError = value
    for index in report.reliability[0].bins.indices {
      report.reliability[0].bins[index].accuracy = value
    }
    report.mistakes[0].confidence = value ?? .nan
    report.projection?.points[0].x = value ?? .nan
    report.stages[0].seconds = value
    report.methods[0].seconds = value
    let page = try report.html()
    #expect(page.contains("—"))
    let visible = page.replacing(/<(style|script)>[\s\S]*?<\/(style|script)>/, with: "")
    for word in ["nan", "NaN", "inf", "Optional", "nil"] {
      #expect(!visible.contains(">\(word)") && !visible.contains("\"\(word)"))
    }
  }

  @Test("one point, equal points and points far apart are all drawn inside the frame")
  func projectionExtremes() throws {
    func points(_ places: [(Double, Double)]) -> TransferReport.Projection {
      .init(
        summary: "",
        points: places.map { .init(x: $0, y: $1, language: "en", label: "a", text: "t") })
    }
    for places in [
      [(3, 3)], [(1, 1), (1, 1)], [(-1e308, -1e308), (1e308, 1e308)], [(0, 0), (1, 0)],
    ] {
      var report = Sample.report()
      report.projection = points(places)
      let page = try section("projection", of: report.html())
      let marks = page.matches(of: /<use [^>]*x="([-0-9.]+)" y="([-0-9.]+)"/)
      #expect(marks.count == places.count * 2)
      for mark in marks {
        #expect((0...960).contains(try #require(Double(mark.1))))
        #expect((0...620).contains(try #require(Double(mark.2))))
      }
    }
  }

  @Test("texts carry their language and find their own direction")
  func direction() throws {
    var report = Sample.report()
    report.mistakes = [
      .init(
        language: "arb_Arab", text: "أطفئ النور", gold: "off", predicted: "on", confidence: 0.9)
    ]
    let page = try section("mistakes", of: report.html())
    #expect(page.contains("dir=\"auto\" lang=\"arb-Arab\">أطفئ النور</td>"))
  }

  @Test("the headline speaks of the best method unless another is named")
  func headlineMethod() throws {
    var report = Sample.report(languages: 2)
    report.scores = [
      .init(language: "en", method: "frozen", n: 9, accuracy: 0.9),
      .init(language: "x1", method: "frozen", n: 9, accuracy: 0.6),
      .init(language: "en", method: "tuned", n: 9, accuracy: 0.8),
      .init(language: "x1", method: "tuned", n: 9, accuracy: 0.7),
    ]
    #expect(
      try report.html().contains(
        "With labels in English only, the tuned model is right on 70.0 % of requests in one "
          + "other language, 10.0 points below the 80.0 % in English itself."))
    report.headlineMethod = "frozen"
    #expect(try report.html().contains("the frozen model is right on 60.0 %"))
    let place = try #require(report.methods.firstIndex { $0.name == "frozen" })
    report.methods[place].furtherLabels = "all of German"
    #expect(
      try report.html().contains("With labels in English and all of German, the frozen model"))
  }

  @Test("languages stand in the order of their loss, the source first")
  func order() throws {
    var report = Sample.report(languages: 4)
    report.methods.removeLast()
    report.scores = [("x1", 0.5), ("x2", nil), ("en", 0.9), ("x3", 0.7)].map {
      .init(language: $0, method: "frozen", n: 9, accuracy: $1)
    }
    let page = try section("languages", of: report.html())
    let names = page.matches(of: /<th scope="row" title="(\w+)">/).map { String($0.1) }
    #expect(names == ["en", "x3", "x1", "x2"])
  }

  @Test("evidence that contradicts itself is refused, with its place")
  func contradictions() {
    var twice = Sample.report()
    twice.scores.append(twice.scores[0])
    var unknown = Sample.report()
    unknown.scores[0].method = "guess"
    var named = Sample.report()
    named.headlineMethod = "guess"
    var ragged = Sample.report()
    ragged.confusions[0].rows[0] = [1]
    var doubled = Sample.report()
    doubled.methods[1].name = "frozen"
    for (report, place) in [
      (twice, "scores of en"), (unknown, "scores of en"), (named, "headlineMethod"),
      (ragged, "confusion “English”"), (doubled, "methods"),
    ] {
      let error = #expect(throws: ReportsError.self) { try report.html() }
      #expect(error?.code == .inconsistent && error?.location == place)
    }
  }

  @Test("the file is written whole, and a folder that is not there is named")
  func writing() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("koine-report-\(UUID().uuidString)")
    let file = folder.appendingPathComponent("report.html")
    let report = Sample.report()
    let error = #expect(throws: ReportsError.self) { try report.write(to: file) }
    #expect(error?.code == .unwritable && error?.location == file.path)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try report.write(to: file)
    #expect(try Data(contentsOf: file) == Data(report.html().utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["report.html"])
  }
}
