// SPDX-License-Identifier: Apache-2.0

import Metrics
import Reports

/// Evidence made up for tests, of any size.
enum Sample {
  /// A text that tries every way out of its place.
  static let hostile =
    "</title></script><script>alert(1)</script>\"' onload='x' {{title}} <!-- ]]> \u{0}\u{1B}\u{7F}"
    + "\u{85}\u{FFFE}\u{202E}\"\u{301} onmouseover=alert(2) <\u{338}b"

  /// A whole report of `languages` languages, two methods and `classes` labels.
  static func report(
    languages: Int = 5, classes: Int = 4, points: Int = 40, mistakes: Int = 6, seed: UInt64 = 1,
    text: String = "Switch on the light"
  ) -> TransferReport {
    var generator = SeededGenerator(seed: seed)
    let codes = ["en"] + (1..<max(languages, 1)).map { "x\($0)" }
    let labels = (0..<classes).map { "label \($0)" }
    let methods = ["frozen", "tuned"]
    let scores = methods.flatMap { method in
      codes.map { code in
        let accuracy = 0.4 + 0.4 * generator.unit() + (code == "en" ? 0.15 : 0)
        return TransferReport.Score(
          language: code, method: method, n: 200, accuracy: accuracy, low: accuracy - 0.05,
          high: accuracy + 0.05, macroF1: accuracy - 0.02, calibrationError: 0.1)
      }
    }
    return TransferReport(
      title: "A title", task: "requests", sourceLanguage: "en",
      languages: codes.map { .init(code: $0, name: $0 == "en" ? "English" : "Language \($0)") },
      header: [.init("Recipe", "sample (transfer/v1)"), .init("Seed", "1")],
      methods: [
        .init(name: "frozen", summary: "The head alone", trainableParameters: 1_540, seconds: 3),
        .init(name: "tuned", trainableParameters: 7_100_000, seconds: 71, peakMemoryBytes: 1 << 31),
      ],
      scores: scores,
      confusions: ["English", "Others"].map { title in
        .init(
          title: title, labels: labels,
          rows: labels.map { _ in labels.map { _ in generator.index(below: 9) } })
      },
      reliability: [
        .init(
          title: "English",
          bins: (0..<15).map {
            .init(
              lower: Double($0) / 15, upper: Double($0 + 1) / 15, count: $0,
              accuracy: $0 == 0 ? nil : generator.unit())
          }, calibrationError: 0.08)
      ],
      projection: .init(
        summary: "Two principal components.",
        points: (0..<points).map { index in
          .init(
            x: generator.unit(), y: generator.unit(), language: codes[index % codes.count],
            label: labels[index % labels.count], text: text)
        }),
      mistakes: (0..<mistakes).map { index in
        .init(
          language: codes[index % codes.count], text: text, gold: labels[0],
          predicted: labels[classes - 1], confidence: 0.99 - Double(index) / 1_000)
      },
      datasets: [
        .init(
          name: "sample", source: "made up", version: "1", licence: "CC0-1.0",
          counts: [.init("train", "1,000")], hashes: [.init("train.jsonl", "00ff")])
      ],
      baseEncoder: [.init("Name", "none")], recipe: "recipe: transfer/v1\nseed: 1\n",
      stages: [.init(name: "embed", seconds: 61), .init(name: "data", seconds: nil)],
      peakMemoryBytes: 1 << 31, notes: ["Made up."])
  }
}
