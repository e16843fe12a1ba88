// SPDX-License-Identifier: Apache-2.0

/// A confusion matrix as a table whose cells darken with their share of the row.
struct ConfusionHeatMap {
  let title: String
  let labels: [String]
  let rows: [[Int]]
  /// How many classes were folded into the last one; 0 where all are shown.
  let folded: Int

  init(_ table: TransferReport.ConfusionTable) {
    title = table.title
    let limit = TransferReport.confusionLimit
    guard table.labels.count > limit else {
      (labels, rows, folded) = (table.labels, table.rows, 0)
      return
    }
    // The commonest classes keep a row of their own, in the order of the classes.
    let support = table.rows.map { $0.reduce(0, +) }
    let kept = support.indices.sorted { (-support[$0], $0) < (-support[$1], $1) }
      .prefix(limit - 1).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
    var sums = [[Int]](repeating: [Int](repeating: 0, count: limit), count: limit)
    for (gold, row) in table.rows.enumerated() {
      for (predicted, count) in row.enumerated() {
        sums[places[gold] ?? limit - 1][places[predicted] ?? limit - 1] += count
      }
    }
    folded = table.labels.count - kept.count
    labels = kept.map { table.labels[$0] } + ["\(folded) others"]
    rows = sums
  }

  /// The table.
  var html: String {
    var markup = Markup()
    markup.element("table", ["class": "heat"]) { table in
      table.element("caption", text: title)
      table.element("thead") { head in
        head.element("tr") { row in
          row.element("td")
          for label in labels {
            row.element("th", ["scope": "col"]) {
              $0.element("span", ["dir": "auto"], text: label)
            }
          }
        }
      }
      table.element("tbody") { body in
        for (gold, counts) in rows.enumerated() { line(&body, gold, counts) }
      }
    }
    return markup.html
  }

  private func line(_ body: inout Markup, _ gold: Int, _ counts: [Int]) {
    let total = max(counts.reduce(0, +), 1)
    body.element("tr") { row in
      row.element("th", ["scope": "row", "dir": "auto"], text: labels[gold])
      for (predicted, count) in counts.enumerated() {
        let share = Double(count) / Double(total)
        guard count > 0 else {
          row.element("td")
          continue
        }
        // Steps of 5 %: the classes are shared by all cells and keep the file small.
        let step = Int((share * 20).rounded(.up))
        row.element(
          "td",
          [
            "class": gold == predicted ? "h\(step) hit" : "h\(step)",
            "title": "\(labels[gold]) → \(labels[predicted]): \(count) "
              + "(\(Numbers.fixed(share * 100, decimals: 0)) %)",
          ], text: "\(count)")
      }
    }
  }

  /// The style rules of the cells.
  ///
  /// The darkest is half accent, half ground, on which the page's own ink still has a contrast of
  /// 4.5 : 1 in the light and in the dark.
  static let style: String = (1...20).map { step in
    ".heat .h\(step){background:color-mix(in srgb,var(--accent) \(Numbers.place(Double(step) * 2.5))%,"
      + "var(--faint))}"
  }.joined(separator: "\n")
}
