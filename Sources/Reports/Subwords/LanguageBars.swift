// SPDX-License-Identifier: Apache-2.0

import Subwords

/// A bar for each language, the longest last, in as many columns as there is room for.
struct LanguageBars {
  /// One language's bar.
  struct Bar {
    let language: String
    let estimate: Estimate
    /// The share of its characters that are unknown, where that is so much that the bar means little.
    let lost: Double?
    /// The other vocabularies' values, where there are some.
    let others: [(name: String, value: Double)]
  }

  let bars: [Bar]
  /// The language that is marked.
  let pivot: String?
  /// What the numbers are, for the tooltip.
  let unit: String
  /// A line in each bar's track.
  let reference: Double?

  init(_ bars: [Bar], pivot: String?, unit: String, reference: Double? = nil) {
    self.bars = bars.enumerated().sorted {
      $0.element.estimate.value != $1.element.estimate.value
        ? $0.element.estimate.value < $1.element.estimate.value : $0.offset < $1.offset
    }.map(\.element)
    self.pivot = pivot
    self.unit = unit
    self.reference = reference ?? bars.first { $0.language == pivot }?.estimate.value
  }

  private var most: Double {
    max(
      bars.reduce(1e-9) { max($0, $1.estimate.value, $1.others.map(\.value).max() ?? 0) },
      reference ?? 0)
  }

  /// The list.
  var html: String {
    let scale = 100 / most
    let line = reference.map { "--line:\(Numbers.place($0 * scale))%" } ?? "--line:-1px"
    var markup = Markup()
    markup.element("ol", ["class": "bars", "style": line]) { list in
      for bar in bars { item(&list, bar, scale) }
    }
    return markup.html
  }

  private func item(_ list: inout Markup, _ bar: Bar, _ scale: Double) {
    let estimate = bar.estimate
    var words = "\(bar.language): \(Numbers.fixed(estimate.value, decimals: 2)) \(unit)"
    if let low = estimate.low, let high = estimate.high {
      words += " (\(Numbers.fixed(low, decimals: 2)) to \(Numbers.fixed(high, decimals: 2)))"
    }
    for other in bar.others {
      words += "; \(other.name) \(Numbers.fixed(other.value, decimals: 2))"
    }
    if let lost = bar.lost { words += "; \(Numbers.percent(lost)) % of the characters are unknown" }
    let style = bar.language == pivot ? "origin" : bar.lost == nil ? "" : "lost"
    list.element("li", ["class": style, "title": words]) { item in
      item.element("span", ["class": "who"], text: bar.language)
      item.element("span", ["class": "track"]) { track in
        track.element("i", ["style": "width:\(Numbers.place(estimate.value * scale))%"])
        if let low = estimate.low, let high = estimate.high {
          let left = Numbers.place(low * scale)
          let width = Numbers.place((min(high, most) - low) * scale)
          track.element("u", ["style": "left:\(left)%;width:\(width)%"])
        }
        for (index, other) in bar.others.enumerated() {
          track.element(
            "b", ["class": "m\(index % 3)", "style": "left:\(Numbers.place(other.value * scale))%"])
        }
      }
      item.element("span", ["class": "num"], text: Numbers.fixed(estimate.value, decimals: 2))
    }
  }
}
