// SPDX-License-Identifier: Apache-2.0

/// A reliability diagram: how often the model is right against how sure it says it is.
///
/// The bars are solid up to what was right; an outline shows what was promised.
struct ReliabilityChart {
  let table: TransferReport.ReliabilityTable

  private static let side = 200.0
  private static let left = 34.0
  private static let top = 8.0

  /// The drawing.
  var svg: String {
    var markup = Markup()
    let filled = table.bins.filter { $0.count > 0 }
    markup.element(
      "svg",
      [
        "class": "reliability", "viewBox": "0 0 248 252", "role": "img",
        "aria-label": "Reliability of \(table.title): \(filled.count) of \(table.bins.count) "
          + "bins filled, calibration error "
          + "\(Numbers.percent(table.calibrationError)) points",
      ]
    ) { svg in
      for tick in [0.0, 0.5, 1.0] {
        let (x, y) = (Self.x(tick), Self.y(tick))
        let name = Numbers.fixed(tick * 100, decimals: 0)
        svg.element("line", ["class": "grid", "x1": Self.x(0), "x2": Self.x(1), "y1": y, "y2": y])
        svg.element(
          "text",
          ["x": Numbers.place(Self.left - 6), "y": y, "text-anchor": "end", "dy": ".32em"],
          text: name)
        svg.element(
          "text", ["x": x, "y": "224", "text-anchor": "middle"], text: name)
      }
      for bin in filled { bar(&svg, bin) }
      svg.element(
        "line",
        [
          "class": "ideal", "x1": Self.x(0), "y1": Self.y(0), "x2": Self.x(1), "y2": Self.y(1),
        ])
      svg.element(
        "text", ["x": Self.x(0.5), "y": "245", "text-anchor": "middle"],
        text: "confidence, %")
    }
    return markup.html
  }

  private func bar(_ svg: inout Markup, _ bin: TransferReport.ReliabilityTable.Bin) {
    guard let accuracy = bin.accuracy, accuracy.isFinite, bin.lower.isFinite, bin.upper.isFinite
    else { return }
    // A bin of few predictions says little, so it is drawn fainter.
    let most = table.bins.map(\.count).max() ?? 1
    let weight = 0.25 + 0.75 * (Double(bin.count) / Double(max(most, 1))).squareRoot()
    svg.element("g") { group in
      group.element(
        "title",
        text: "Confidence \(Numbers.percent(bin.lower)) to \(Numbers.percent(bin.upper)) %: "
          + "\(Numbers.percent(accuracy)) % of \(Numbers.count(bin.count)) right")
      group.element(
        "rect",
        [
          "class": "bar", "x": Self.x(bin.lower), "y": Self.y(accuracy),
          "width": Numbers.place((bin.upper - bin.lower) * Self.side - 1),
          "height": Numbers.place(accuracy * Self.side),
          "fill-opacity": Numbers.place(weight),
        ])
    }
  }

  private static func x(_ share: Double) -> String { Numbers.place(left + share * side) }
  private static func y(_ share: Double) -> String { Numbers.place(top + (1 - share) * side) }
}
