// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import TestWorld
import Testing
import Torch

@testable import Transfer

/// Languages in which the classes are to come as often as in the source's examples.
@Suite(.serialized, .timeLimit(.minutes(60)))
struct ClassMixTests {
  /// The mean of each class's probability over rows of scores.
  private static func means(_ scores: [[Double]], _ offsets: [Double]) -> [Double] {
    var means = offsets.map { _ in 0.0 }
    for row in scores {
      let terms = zip(row, offsets).map { exp($0 + $1) }
      for (place, term) in terms.enumerated() {
        means[place] += term / terms.reduce(0, +) / Double(scores.count)
      }
    }
    return means
  }

  @Test("offsets make the mean of probabilities the mix", arguments: [2, 5, 9])
  func offsets(classCount: Int) {
    var state = UInt64(classCount)
    func draw() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24) * 6 - 3
    }
    let labels = (0..<classCount).flatMap { Array(repeating: $0, count: $0 + 1) }
    let mix = ClassMix(labels, classCount: classCount)
    // Scores that lean to one class.
    let scores = (0..<50).map { _ in (0..<classCount).map { draw() + ($0 == 0 ? 2 : 0) } }
    #expect(abs(Self.means(scores, labels.map { _ in 0 })[0] - mix.shares[0]) > 0.1)
    let found = Self.means(scores, mix.offsets(scores.flatMap(\.self)))
    for (share, mean) in zip(mix.shares, found) { #expect(abs(share - mean) < 1e-4) }
  }

  @Test(
    "a step within the space does what offsets do, and no text is one without", arguments: [3, 12])
  func shift(classCount: Int) async throws {
    let (means, shares, length, none) = try await Compute.run {
      try Engine.withThreads(1) {
        try Engine.seed(1)
        let head = SoftmaxHead(
          weight: try .normal([classCount, 16]), bias: try .normal([classCount]))
        let vectors = try Tensor.normal([40, 16]).adding(
          head.weight.narrowed(0, start: 0, length: 1))
        let mix = ClassMix(Array(0..<classCount) + [0, 0], classCount: classCount)
        let shift = try mix.shift(vectors, under: head)
        let rows = try TextClassifier.probabilities(vectors.adding(shift), head)
        let means = (0..<classCount).map { place in
          rows.reduce(0) { $0 + Double($1[place]) } / Double(rows.count)
        }
        let none = try mix.shift(
          vectors, under: SoftmaxHead(weight: .zeros([classCount, 16]), bias: head.bias))
        return (
          means, mix.shares, try shift.norm().item(),
          try none.elements(as: Float.self).allSatisfy { $0 == 0 }
        )
      }
    }
    for (share, mean) in zip(shares, means) { #expect(abs(share - mean) < 1e-3) }
    #expect(length > 0.01 && none)
  }

  @Test(
    "classes come as often as in the source, in the run and in the model, by text without labels")
  func run() async throws {
    let world = try TinyWorld()
    let text = world.recipe(
      """
      [{name: centred, c: 10, center: language}, {name: mixed, c: 10, center: mix},
       {name: tuned, center: mix, tuning: {layers: 1, epochs: 1, batchSize: 8}}]
      """)
    // Three times as much of one class as of the other.
    let train = world.folder.appendingPathComponent("data/aa/train.tsv")
    let rows = try String(contentsOf: train, encoding: .utf8).split(separator: "\n")
    let cold = rows.filter { $0.hasSuffix("cold") }.prefix(4)
    let uneven = [rows[0]] + rows.filter { $0.hasSuffix("warm") } + cold
    try world.write(uneven.joined(separator: "\n") + "\n", "data/aa/train.tsv")
    // Without the training split, means are those of the text to predict on.
    for split in ["train", "dev"] {
      try FileManager.default.removeItem(
        at: world.folder.appendingPathComponent("data/cc/\(split).tsv"))
    }
    let recipe = try RecipeDocument(text: text + "\nkeep: mixed", path: "tiny.yaml").recipe()
    #expect(try RecipeDocument(text: recipe.yaml(), path: "again").recipe() == recipe)
    let summary = try await TinyRun.run(world, recipe)
    let folder = world.folder
    let texts = try world.texts("cc", "test")
    let (answers, own) = try await Compute.run {
      var answers: [String: [[Float]]] = [:]
      for name in ["centred", "mixed", "tuned"] {
        let found = try MethodArtifacts(
          contentsOf: folder.appendingPathComponent("out/methods/\(name)"))
        for language in ["aa", "cc"] {
          answers["\(name) \(language)"] = found.probabilities[language]
        }
      }
      let classifier = try TextClassifier(directory: summary.model)
      let own = try classifier.probabilities(
        classifier.rows(texts, languages: texts.map { _ in "cc" }),
        languages: texts.map { _ in "cc" })
      return (answers, own)
    }
    func share(_ name: String) -> Double {
      let rows = answers[name] ?? []
      return rows.reduce(0) { $0 + Double($1[0]) } / Double(rows.count)
    }
    #expect(abs(share("mixed cc") - 0.25) < 1e-3 && abs(share("tuned cc") - 0.25) < 1e-3)
    #expect(abs(share("centred cc") - 0.25) > 1e-2)
    #expect(answers["mixed aa"] == answers["centred aa"])
    let mixed = try #require(answers["mixed cc"])
    try #require(mixed.count == own.count)
    for (one, other) in zip(mixed, own) { #expect(abs(one[0] - other[0]) < 1e-3) }
    let report = try String(contentsOf: summary.report, encoding: .utf8)
    #expect(report.contains("its mix of classes that of the source"))
    #expect(throws: RecipeError.self) {
      try RecipeDocument(
        text: world.recipe("[{name: mixed, center: mix, words: 1.5}]"), path: "tiny.yaml"
      ).recipe()
    }
  }
}
