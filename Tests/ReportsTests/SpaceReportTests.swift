// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Reports

@Suite struct SpaceReportTests {
  private func report(_ word: String = "water") -> SpaceReport {
    SpaceReport(
      title: "Two <languages>",
      languages: [
        .init(
          name: "en", words: [word, "fire"], places: [(0, 0), (1, 2)],
          neighbors: [[[(1, 0.5)], [(0, 0.5)]], [[(0, 0.25)], [(0, -0.1)]]],
          mutualShares: [nil, 0.5]),
        .init(
          name: "it", words: ["acqua"], places: [(-1, 4)],
          neighbors: [[[(0, 0.25), (1, -0.1)]], [[]]], mutualShares: [1, nil]),
      ], variance: 0.25)
  }

  /// The page's data, read as a browser does.
  private func data(_ page: String) throws -> [String: Any] {
    let start = try #require(page.range(of: "id=\"data\">"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    let json = Data(page[start.upperBound..<end.lowerBound].utf8)
    return try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
  }

  @Test("the page holds every word, its place and its neighbours")
  func content() throws {
    let page = try report().html()
    let languages = try #require(try data(page)["languages"] as? [[String: Any]])
    #expect(languages.map { $0["name"] as? String } == ["en", "it"])
    #expect(languages[0]["words"] as? [String] == ["water", "fire"])
    // The widest side, from 0 to 4, is the picture's.
    #expect(languages[0]["x"] as? [Int] == [2500, 5000])
    #expect(languages[1]["y"] as? [Int] == [10_000])
    #expect(
      languages[0]["near"] as? [[[Int]]] == [[[1, 500], [0, 500]], [[0, 250], [0, -100]]])
    #expect(page.contains("Two &lt;languages&gt;"))
    #expect(page.contains("100.0") && page.contains("50.0"))
  }

  @Test("a word cannot end the data, begin a tag or lose a scalar")
  func hostileWords() throws {
    for word in ["</script><b>", "a\"b\\c", "\u{2028}\u{0}\u{301}", "&lt;", "日本"] {
      let page = try report(word).html()
      let languages = try #require(try data(page)["languages"] as? [[String: Any]])
      let words = try #require(languages[0]["words"] as? [String])
      #expect(Array(words[0].unicodeScalars) == Array(word.unicodeScalars))
      #expect(!page.contains("</script><b>"))
    }
  }

  @Test("numbers that do not belong together are refused")
  func inconsistent() throws {
    var wrong = report()
    wrong.languages[0].neighbors[1][0] = [(7, 1)]
    #expect(throws: ReportsError.self) { _ = try wrong.html() }
    wrong = report()
    wrong.languages[1].places = []
    #expect(throws: ReportsError.self) { _ = try wrong.html() }
    wrong.languages = []
    #expect(throws: ReportsError.self) { _ = try wrong.html() }
  }
}
