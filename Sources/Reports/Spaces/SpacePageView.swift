// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the template of a space's page sees.
struct SpacePageView {
  struct Row {
    let name: String
    let cells: [String]
  }

  struct Key {
    let number: Int
    let name: String
    let color: Int
    let shape: String
  }

  let title: String
  let style: String
  let script: String
  let sentence: String
  let tiles: [Headline.Tile]
  let keys: [Key]
  let heads: [String]
  let rows: [Row]
  let hasPairs: Bool
  let data: String

  init(_ report: SpaceReport) {
    let languages = report.languages
    let words = languages.reduce(0) { $0 + $1.words.count }
    title = report.title
    style = StyleSheet.css + SpaceStyle.css
    script = SpaceScript.javaScript
    let names = languages.map(\.name)
    sentence =
      languages.count == 1
      ? "Words of \(names[0]), by their vectors."
      : "Words of \(names.dropLast().joined(separator: ", ")) and \(names.last ?? "") in one space, by their vectors."
    var tiles = [
      Headline.Tile(value: "\(words)", unit: "", caption: "words"),
      Headline.Tile(
        value: Numbers.fixed(report.variance * 100, decimals: 0), unit: "%",
        caption: "of the vectors' variance is in the picture"),
    ]
    let shares = languages.flatMap(\.mutualShares).compactMap(\.self)
    if !shares.isEmpty {
      tiles.insert(
        Headline.Tile(
          value: Numbers.fixed(100 * shares.reduce(0, +) / Double(shares.count), decimals: 0),
          unit: "%", caption: "of words are their best translation's best translation"), at: 1)
    }
    self.tiles = tiles
    keys = languages.enumerated().map {
      Key(
        number: $0, name: $1.name, color: Palette.color($0),
        shape: Palette.shapes[Palette.shape($0)])
    }
    heads = names
    hasPairs = languages.count > 1
    rows = languages.map { language in
      Row(
        name: language.name,
        cells: language.mutualShares.map {
          $0.map { Numbers.fixed(100 * $0, decimals: 1) } ?? "–"
        })
    }
    data = Self.json(report)
  }

  /// All words, places and neighbours; places as thousandths of the picture's width.
  private static func json(_ report: SpaceReport) -> String {
    let places = report.languages.flatMap(\.places)
    let (xs, ys) = (places.map(\.x), places.map(\.y))
    let (left, low) = (xs.min() ?? 0, ys.min() ?? 0)
    let extent = max((xs.max() ?? 1) - left, (ys.max() ?? 1) - low, 1e-12)
    func list<Element>(_ elements: [Element], _ text: (Element) -> String) -> String {
      "[" + elements.map(text).joined(separator: ",") + "]"
    }
    let languages = list(report.languages) { language in
      let x = list(language.places) { "\(Int((($0.x - left) / extent * 10_000).rounded()))" }
      let y = list(language.places) { "\(Int((($0.y - low) / extent * 10_000).rounded()))" }
      let near = list(language.neighbors) { lists in
        list(lists) { list($0) { "\($0.index),\(Int(($0.score * 1000).rounded()))" } }
      }
      return
        "{\"name\":\(quoted(language.name)),\"words\":\(list(language.words, quoted)),\"x\":\(x),\"y\":\(y),\"near\":\(near)}"
    }
    return "{\"languages\":\(languages)}"
  }

  /// A string of JSON that may stand in a page: no tag can begin in it.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
