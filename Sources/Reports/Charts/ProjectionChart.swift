// SPDX-License-Identifier: Apache-2.0

/// The representation space: a mark per text, by language or, at a switch, by label.
///
/// Each point carries both of its marks and the style sheet shows one, so the switch needs
/// no script. Groups of points are `l0`, `l1`, ... for languages and `k0`, `k1`, ... for labels.
struct ProjectionChart {
  /// A group of points in a legend.
  struct Key {
    let id: String
    let name: String
    let count: Int
    let mark: String
  }

  private typealias Point = TransferReport.Projection.Point

  let svg: String
  let languages: [Key]
  let labels: [Key]
  let shown: Int
  let total: Int

  private static let width = 960.0
  private static let height = 620.0
  private static let margin = 16.0

  init?(_ evidence: Evidence) {
    guard let projection = evidence.report.projection else { return nil }
    let finite = projection.points.filter { $0.x.isFinite && $0.y.isFinite }
    guard !finite.isEmpty else { return nil }
    let limit = TransferReport.pointLimit
    let points =
      finite.count <= limit ? finite : (0..<limit).map { finite[$0 * finite.count / limit] }
    shown = points.count
    total = projection.points.count

    let codes = Self.names(points.map(\.language), first: evidence.languages)
    let names = Self.names(points.map(\.label), first: [])
    languages = Self.keys(codes, "l", points.map(\.language), evidence.name)
    labels = Self.keys(names, "k", points.map(\.label)) { $0 }
    svg = Self.draw(points, codes, names, evidence)
  }

  /// The names that occur: those of `first` in its order, then the others by their bytes.
  private static func names(_ all: [String], first: [String]) -> [String] {
    let present = Set(all)
    let known = first.filter(present.contains)
    let rest = present.subtracting(known).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    return known + rest
  }

  private static func keys(
    _ names: [String], _ prefix: String, _ all: [String], _ title: (String) -> String
  ) -> [Key] {
    let counts = Dictionary(grouping: all) { $0 }.mapValues(\.count)
    return names.enumerated().map { index, name in
      var mark = Markup()
      mark.element(
        "svg",
        [
          "class": "key c\(Palette.color(index))", "width": "12", "height": "12",
          "viewBox": "-6 -6 12 12", "aria-hidden": "true",
        ]
      ) { $0.element("path", ["d": Palette.shapes[Palette.shape(index)]]) }
      return Key(
        id: "\(prefix)\(index)", name: title(name), count: counts[name] ?? 0, mark: mark.html)
    }
  }

  private static func draw(
    _ points: [Point], _ codes: [String], _ names: [String], _ evidence: Evidence
  ) -> String {
    let languageIndex = Dictionary(uniqueKeysWithValues: zip(codes, codes.indices))
    let labelIndex = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    let (minX, maxX) = (points.map(\.x).min() ?? 0, points.map(\.x).max() ?? 0)
    let (minY, maxY) = (points.map(\.y).min() ?? 0, points.map(\.y).max() ?? 0)
    // One unit for both axes: a stretched axis would invent distances. Halved before the
    // subtraction, which would overflow on wild input.
    let spanX = maxX / 2 - minX / 2
    let spanY = maxY / 2 - minY / 2
    let scale = min(
      (width - 2 * margin) / 2 / max(spanX, 1e-300),
      (height - 2 * margin) / 2 / max(spanY, 1e-300))
    let factor = scale.isFinite && max(spanX, spanY) > 0 ? scale : 0
    let (middleX, middleY) = (minX / 2 + maxX / 2, minY / 2 + maxY / 2)

    var markup = Markup()
    markup.element(
      "svg",
      [
        "class": "map", "viewBox": "0 0 \(Int(width)) \(Int(height))", "role": "img",
        "aria-labelledby": "map-title",
      ]
    ) { svg in
      svg.element(
        "title", ["id": "map-title"],
        text: "\(points.count) texts in \(codes.count) languages, near where the model "
          + "takes them for alike")
      svg.element("defs") { defs in
        for (index, shape) in Palette.shapes.enumerated() {
          defs.element("path", ["id": "m\(index)", "d": shape])
        }
      }
      for point in points {
        let language = languageIndex[point.language] ?? 0
        let label = labelIndex[point.label] ?? 0
        let x = Numbers.place(width / 2 + (point.x - middleX) * factor)
        let y = Numbers.place(height / 2 - (point.y - middleY) * factor)
        svg.element("g", ["class": "l\(language) k\(label)"]) { group in
          group.element(
            "title",
            text: "\(evidence.name(point.language)) · \(point.label)\n"
              + HTMLText.snippet(point.text, limit: 120))
          for (mode, index) in [("by-l", language), ("by-k", label)] {
            group.element(
              "use",
              [
                "class": "\(mode) c\(Palette.color(index))",
                "href": "#m\(Palette.shape(index))", "x": x, "y": y,
              ])
          }
        }
      }
    }
    return markup.html
  }
}
