// SPDX-License-Identifier: Apache-2.0

import Subwords

/// How much each two languages share, as a map of tinted cells, in the order of scripts.
///
/// Cells of one tint are one path, and neighbours in a row one stroke, so that 205 languages stay small. The
/// values stand beside it for the script to read out.
struct OverlapMap {
  let matrix: OverlapMatrix

  static let levels = 16
  private var count: Int { matrix.languages.count }
  private var cell: Double { max(4, min(26, 880 / Double(max(1, count)))) }
  private var namesRows: Bool { cell >= 11 }
  private var gutter: Double { namesRows ? 96 : 52 }
  private var side: Double { gutter + cell * Double(count) }

  /// The tint of a value: by its root, since most languages share little.
  static func level(_ value: Double) -> Int {
    value <= 0.002 ? 0 : min(levels, max(1, Int((value.squareRoot() * Double(levels)).rounded())))
  }

  /// Neighbouring rows of one script.
  private var blocks: [(script: String, range: Range<Int>)] {
    var blocks: [(script: String, range: Range<Int>)] = []
    for (index, script) in matrix.scripts.enumerated() {
      if let last = blocks.last, last.script == script {
        blocks[blocks.count - 1].range = last.range.lowerBound..<index + 1
      } else {
        blocks.append((script, index..<index + 1))
      }
    }
    return blocks
  }

  /// The drawing.
  var svg: String {
    var markup = Markup()
    let size = Numbers.place(side)
    markup.element(
      "svg",
      [
        "class": "overlap", "viewBox": "0 0 \(size) \(size)", "role": "img",
        "style": "max-width:\(size)px;min-width:\(Numbers.place(min(side, 640)))px",
        "aria-label": "What \(count) languages share of the vocabulary, two by two",
        "data-gutter": Numbers.place(gutter), "data-cell": Numbers.place(cell),
        "data-names": matrix.languages.joined(separator: "\n"), "data-values": values,
      ]
    ) { svg in
      labels(&svg)
      let scale = Numbers.place(cell)
      let start = Numbers.place(gutter)
      svg.element(
        "g",
        [
          "transform": "translate(\(start) \(start)) scale(\(scale))",
          "shape-rendering": "crispEdges",
        ]
      ) { cells in
        cells.element(
          "rect", ["class": "o0", "width": "\(count)", "height": "\(count)"])
        for level in 1...Self.levels {
          let path = strokes(level)
          if !path.isEmpty { cells.element("path", ["class": "o\(level)", "d": path]) }
        }
        for block in blocks.dropFirst() {
          let place = block.range.lowerBound
          cells.element("path", ["class": "edge", "d": "M0 \(place)H\(count)M\(place) 0V\(count)"])
        }
      }
    }
    return markup.html
  }

  private func strokes(_ level: Int) -> String {
    var path = ""
    for (row, values) in matrix.distribution.enumerated() {
      var column = 0
      while column < values.count {
        let start = column
        while column < values.count, Self.level(values[column]) == level { column += 1 }
        if column > start { path += "M\(start) \(row).5h\(column - start)" } else { column += 1 }
      }
    }
    return path
  }

  private func labels(_ svg: inout Markup) {
    let rows =
      namesRows
      ? matrix.languages.enumerated().map { (text: $1, middle: Double($0) + 0.5) }
      : blocks.filter { Double($0.range.count) * cell >= 11 }.map { block in
        (
          text: block.script,
          middle: Double(block.range.lowerBound) + Double(block.range.count) / 2
        )
      }
    let edge = Numbers.place(gutter - 5)
    for row in rows {
      let place = Numbers.place(gutter + row.middle * cell)
      svg.element("text", ["x": edge, "y": place, "dy": "4", "text-anchor": "end"], text: row.text)
      svg.element(
        "text", ["transform": "translate(\(place) \(edge)) rotate(-90)", "dy": "4"],
        text: row.text)
    }
  }

  /// All values, two hexadecimal digits each, row by row.
  private var values: String {
    let digits = Array("0123456789abcdef".utf8)
    var bytes: [UInt8] = []
    for row in matrix.distribution {
      for value in row {
        let byte = Int((value * 255).rounded())
        bytes.append(digits[byte >> 4])
        bytes.append(digits[byte & 15])
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The tints.
  static let style: String =
    ".overlap .o0{fill:var(--faint)}"
    + (1...levels).map { level in
      ".overlap .o\(level){stroke:color-mix(in oklab,var(--accent) "
        + "\(Numbers.place(Double(level) * 100 / Double(levels)))%,var(--faint))}"
    }.joined(separator: "\n")

  /// The steps of the legend, with their tints.
  static let legend: [(level: Int, value: Double)] = [0.01, 0.05, 0.1, 0.25, 0.5, 1].map {
    (level($0), $0)
  }
}
