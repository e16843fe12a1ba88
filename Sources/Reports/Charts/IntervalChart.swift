// SPDX-License-Identifier: Apache-2.0

/// Dots with whiskers: a row for each language, a lane in it for each method.
///
/// Each row is a drawing of its own inside a table row. Its places are percentages and its
/// marks are pixels, so that on a phone the plot narrows while dots and text keep their size.
struct IntervalChart {
  let evidence: Evidence
  let scale: Scale

  /// The stretch of accuracy that is drawn, on whole tenths.
  struct Scale {
    let low: Double
    let high: Double

    init(_ values: [Double]) {
      let lowest = max(0, values.min() ?? 0)
      let highest = min(1, values.max() ?? 1)
      let floor = ((lowest * 10 + 1e-9).rounded(.down)) / 10
      let ceiling = ((highest * 10 - 1e-9).rounded(.up)) / 10
      low = floor
      // At least a fifth, so that noise does not look like a canyon.
      high = max(ceiling, min(floor + 0.2, 1))
    }

    /// Tenths, or fifths where tenths would crowd.
    var ticks: [Double] {
      let first = Int((low * 10).rounded())
      let last = Int((high * 10).rounded())
      let step = last - first > 6 ? 2 : 1
      return stride(from: first, through: last, by: step).map { Double($0) / 10 }
    }

    /// Where a share stands, in percent of the width.
    func place(_ share: Double) -> String {
      let width = max(high - low, 1e-9)
      return Numbers.place(min(max((share - low) / width, 0), 1) * 100) + "%"
    }
  }

  init(_ evidence: Evidence) {
    self.evidence = evidence
    scale = Scale(
      evidence.report.scores.flatMap { [$0.accuracy, $0.low, $0.high] }
        .compactMap { $0 }.filter(\.isFinite))
  }

  private var laneHeight: Int { 8 }
  private var rowHeight: Int { max(22, evidence.report.methods.count * laneHeight + 6) }

  /// The tick labels above the rows.
  var axis: String {
    var markup = Markup()
    markup.element(
      "svg", ["class": "axis", "width": "100%", "height": "18", "aria-hidden": "true"]
    ) { svg in
      for tick in scale.ticks {
        svg.element(
          "text", ["x": scale.place(tick), "y": "13", "text-anchor": "middle"],
          text: Numbers.fixed(tick * 100, decimals: 0))
      }
    }
    return markup.html
  }

  /// One language's dots and whiskers.
  func row(_ language: String) -> String {
    let name = evidence.name(language)
    let methods = evidence.report.methods
    let described = methods.compactMap { method -> String? in
      evidence.score(language, method.name).map { "\(method.name) \(Self.words($0))" }
    }
    var markup = Markup()
    markup.element(
      "svg",
      [
        "class": "lane", "width": "100%", "height": "\(rowHeight)", "role": "img",
        "aria-label": "\(name): \(described.joined(separator: "; "))",
      ]
    ) { svg in
      for tick in scale.ticks { line(&svg, "grid", at: tick) }
      if let source = evidence.headline?.source { line(&svg, "source", at: source) }
      let top = Double(rowHeight - (methods.count - 1) * laneHeight) / 2
      for (index, method) in methods.enumerated() {
        guard let score = evidence.score(language, method.name) else { continue }
        mark(&svg, score, index, y: top + Double(index * laneHeight))
      }
    }
    return markup.html
  }

  /// A method's sign, for the legend.
  func key(_ index: Int) -> String {
    var markup = Markup()
    markup.element(
      "svg",
      [
        "class": "key \(style(index))", "width": "14", "height": "14", "viewBox": "-7 -7 14 14",
        "aria-hidden": "true",
      ]
    ) { $0.element("path", ["d": Palette.shapes[index % Palette.shapes.count]]) }
    return markup.html
  }

  private func style(_ index: Int) -> String {
    evidence.report.methods[index].name == evidence.headline?.method.name ? "main" : "side"
  }

  private func line(_ svg: inout Markup, _ name: String, at share: Double) {
    let x = scale.place(share)
    svg.element("line", ["class": name, "x1": x, "x2": x, "y1": "0", "y2": "100%"])
  }

  private func mark(_ svg: inout Markup, _ score: TransferReport.Score, _ index: Int, y: Double) {
    guard let accuracy = score.accuracy, accuracy.isFinite else { return }
    let height = Numbers.place(y)
    svg.element("g", ["class": style(index)]) { group in
      group.element(
        "title",
        text: "\(evidence.name(score.language)), \(score.method): \(Self.words(score))")
      if let low = score.low, let high = score.high, low.isFinite, high.isFinite {
        group.element(
          "line", ["x1": scale.place(low), "x2": scale.place(high), "y1": height, "y2": height])
      }
      // A nested drawing is the one thing that can be placed by percentage and drawn in pixels.
      group.element("svg", ["x": scale.place(accuracy), "y": height, "overflow": "visible"]) {
        $0.element("path", ["d": Palette.shapes[index % Palette.shapes.count]])
      }
    }
  }

  private static func words(_ score: TransferReport.Score) -> String {
    let interval =
      score.low == nil || score.high == nil
      ? "" : " (\(Numbers.percent(score.low)) to \(Numbers.percent(score.high)))"
    return Numbers.percent(score.accuracy) + " %" + interval
  }
}

extension Numbers {
  /// A coordinate: two decimals at most, no trailing zeros.
  static func place(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
