// SPDX-License-Identifier: Apache-2.0

import Corpora
import CrossLingual
import Foundation
import Metrics
import Reports
import Tasks
import Torch

/// Puts what a run found into the report's own form.
struct ReportBuilder {
  let recipe: Recipe
  let data: TaskData
  let evidence: [MethodEvidence]
  let artifacts: [String: MethodArtifacts]
  let spending: Spending
  let output: URL
  var comparisons: [MethodComparison] = []

  /// The most mistakes that are shown.
  private static let mistakeLimit = 40

  func report() throws -> TransferReport {
    var report = TransferReport(
      title: recipe.title, task: recipe.name, sourceLanguage: recipe.data.source)
    report.languages = data.test.map { examples in
      let code = examples.language
      let name = Locale(identifier: "en").localizedString(forIdentifier: code)
      return .init(code: code, name: name ?? code)
    }
    report.header = [
      .init("recipe", "\(recipe.name) (\(recipe.recipe))"), .init("seed", String(recipe.seed)),
      .init("labelled examples", String(data.train.texts.count)),
      .init("classes", String(data.labels.count)), .init("Koine", Koine.version),
      .init("libtorch", Engine.version),
    ]
    report.headlineMethod = recipe.keep
    report.methods = recipe.methods.map(method)
    report.scores = evidence.flatMap { method in
      method.languages.map { score($0, method.method) }
    }
    report.datasets = datasets
    report.baseEncoder = [
      .init("model", recipe.base.model), .init("prefix", recipe.base.prefix.rawValue),
      .init("pooling", recipe.base.pooling.rawValue),
      .init("longest text", "\(recipe.base.maximumLength) tokens"),
    ]
    if let vectors = recipe.base.vectors {
      report.baseEncoder.append(
        .init(
          "word vectors",
          "learnt here: \(vectors.dimension) numbers, \(vectors.epochs) epochs, jointly for all languages"
        ))
    }
    let reading = data.reading
    if !reading.romanized.isEmpty {
      report.baseEncoder.append(
        .init("read in Latin letters", reading.romanized.sorted().joined(separator: ", ")))
    }
    if let gloss = recipe.base.gloss {
      report.baseEncoder.append(
        .init(
          "glosses",
          "behind text of \(reading.dictionaries.count) of \(data.test.count) languages, by \(gloss)"
        ))
    }
    report.recipe = try recipe.yaml()
    report.stages = spending.entries.sorted { $0.key < $1.key }.map {
      .init(name: $0.key, seconds: $0.value.seconds)
    }
    report.peakMemoryBytes = spending.entries.values.map(\.peakMemory).max()
    report.notes = notes
    guard let kept = artifacts[recipe.keep] else { return report }
    let outcomes = try data.test.map { try $0.outcomes(kept.probabilities[$0.language] ?? []) }
    report.confusions = try confusions(outcomes)
    report.reliability = try reliability(outcomes)
    report.mistakes = mistakes(outcomes)
    report.projection = try projection(kept)
    return report
  }

  // MARK: Parts

  private func method(_ method: Recipe.Method) -> TransferReport.Method {
    let center =
      switch method.center {
      case .none: ""
      case .language: ", each language's mean taken away"
      case .mix: ", each language's mean taken away and its mix of classes that of the source"
      }
    let what =
      method.members.map {
        "\($0.joined(separator: ", ")) together: the mean of their log-probabilities"
      }
      ?? method.tuning.map { "tuned: \($0.summary), \($0.epochs) epochs" }
      ?? (method.features == .words
        ? "a bag of words: words and pairs of words, tf-idf, a linear classifier"
        : "the base as it is")
    let words = method.words > 0 ? ", the text's own words beside it" : ""
    let switched =
      artifacts[method.name]?.record.switchedCount.map {
        ", \($0) texts in other languages' words by dictionaries"
      } ?? ""
    let spent = spending.entries["methods/\(method.name)"]
    return .init(
      name: method.name, summary: what + center + words + switched,
      trainableParameters: artifacts[method.name]?.record.parameterCount,
      seconds: spent?.seconds, peakMemoryBytes: spent?.peakMemory)
  }

  private func score(_ scores: LanguageScores, _ method: String) -> TransferReport.Score {
    .init(
      language: scores.language, method: method, n: scores.count, accuracy: scores.accuracy,
      low: scores.accuracyInterval.low, high: scores.accuracyInterval.high,
      macroF1: scores.macroF1, calibrationError: scores.calibrationError)
  }

  private func confusions(
    _ outcomes: [ClassificationOutcomes]
  ) throws -> [TransferReport.ConfusionTable] {
    func table(_ title: String, _ part: [ClassificationOutcomes]) throws
      -> TransferReport.ConfusionTable
    {
      var sum = Confusion(classCount: data.labels.count)
      for outcome in part {
        sum += try Confusion(
          gold: outcome.gold, predicted: outcome.predicted, classCount: data.labels.count)
      }
      return .init(title: title, labels: data.labels.names, rows: sum.rows)
    }
    let source = Array(outcomes.prefix(1))
    let others = Array(outcomes.dropFirst())
    let first = try table("source language, \(recipe.data.source)", source)
    return others.isEmpty ? [first] : [first, try table("all other languages", others)]
  }

  private func reliability(
    _ outcomes: [ClassificationOutcomes]
  ) throws -> [TransferReport.ReliabilityTable] {
    func table(_ title: String, _ part: [ClassificationOutcomes]) throws
      -> TransferReport.ReliabilityTable
    {
      let found = try Reliability(
        confidences: part.flatMap { $0.confidence.map { min(Double($0), 1) } },
        correct: part.flatMap(\.isCorrect))
      let width = 1 / Double(found.bins.count)
      return .init(
        title: title,
        bins: found.bins.enumerated().map { index, bin in
          .init(
            lower: Double(index) * width, upper: Double(index + 1) * width, count: bin.count,
            accuracy: bin.count > 0 ? bin.accuracy : nil)
        }, calibrationError: found.expectedCalibrationError)
    }
    let others = Array(outcomes.dropFirst())
    let first = try table("source language, \(recipe.data.source)", Array(outcomes.prefix(1)))
    return others.isEmpty ? [first] : [first, try table("all other languages", others)]
  }

  private func mistakes(_ outcomes: [ClassificationOutcomes]) -> [TransferReport.Mistake] {
    let names = data.labels.names
    var all: [TransferReport.Mistake] = []
    for outcome in outcomes {
      let (predicted, confidence) = (outcome.predicted, outcome.confidence)
      for row in outcome.gold.indices where predicted[row] != outcome.gold[row] {
        all.append(
          .init(
            language: outcome.language, text: outcome.texts[row], gold: names[outcome.gold[row]],
            predicted: names[predicted[row]], confidence: Double(confidence[row])))
      }
    }
    let sorted = all.sorted {
      ($1.confidence, $0.language, $0.text) < ($0.confidence, $1.language, $1.text)
    }
    return Array(sorted.prefix(Self.mistakeLimit))
  }

  /// The kept method's vectors on their first two principal components; every language gets its share.
  private func projection(_ kept: MethodArtifacts) throws -> TransferReport.Projection? {
    let limit = recipe.evaluation.points / max(data.test.count, 1)
    guard limit > 0 else { return nil }
    return try GradientMode.disabled {
      var parts: [Tensor] = []
      var picked: [(examples: TargetExamples, row: Int)] = []
      for examples in data.test {
        guard let vectors = kept.vectors[examples.language] else { continue }
        let count = examples.texts.count
        let step = max(1, (count + limit - 1) / limit)
        let rows = Array(stride(from: 0, to: count, by: step))
        parts.append(try vectors.gathered(0, Tensor(rows.map(Int64.init))))
        picked += rows.map { (examples, $0) }
      }
      guard picked.count > 2 else { return nil }
      let vectors = try Tensor.concatenated(parts)
      let components = try PrincipalComponents(of: vectors, count: 2)
      let flat = try components.project(vectors).elements(as: Double.self)
      let points = try picked.enumerated().map { index, item in
        let gold = try item.examples.outcomes(kept.probabilities[item.examples.language] ?? []).gold
        return TransferReport.Projection.Point(
          x: flat[2 * index], y: flat[2 * index + 1], language: item.examples.language,
          label: data.labels.names[gold[item.row]], text: item.examples.texts[item.row])
      }
      let shares = components.shares.map { String(format: "%.0f %%", $0 * 100) }
      return .init(
        summary:
          "The first two principal components of the vectors that '\(recipe.keep)' classifies, "
          + "with \(shares.joined(separator: " and ")) of their variance.", points: points)
    }
  }

  // MARK: Provenance

  private var datasets: [TransferReport.Dataset] {
    let counts = data.test.map {
      TransferReport.Field($0.language, "\($0.texts.count) test rows")
    }
    let training = TransferReport.Field(
      data.train.language, "\(data.train.texts.count) labelled training rows")
    let digest = TransferReport.Field("all files", data.identity)
    let folder = output.appendingPathComponent("data")
    guard recipe.data.importer != nil, let manifest = try? ImportManifest(contentsOf: folder) else {
      return [
        .init(
          name: recipe.name, source: recipe.data.path ?? "", version: "as found",
          licence: "the user's",
          counts: [training] + counts, hashes: [digest])
      ]
    }
    return [
      .init(
        name: manifest.importer, source: manifest.source, version: manifest.version,
        licence: manifest.licence, counts: [training] + counts, hashes: [digest])
    ]
  }

  private var choseSettings: Bool {
    artifacts.values.contains { $0.record.choseInversePenalty }
  }

  private var notes: [String] {
    var notes = [
      "Labels of '\(recipe.data.source)' alone were learned from"
        + (choseSettings ? "; settings were chosen on its development rows. " : ". ")
        + "Labels of other languages were read only to score finished predictions.",
      "Intervals are 95 % percentile bootstraps over test rows (\(recipe.evaluation.resamples) resamples); "
        + "they do not cover variation between training runs.",
    ]
    if recipe.base.vectors != nil {
      notes.append(
        "Word vectors were learnt from the text of the training splits, without labels, and from lines that say "
          + "the same in two languages; no test row is among them.")
    }
    notes += margins
    guard recipe.methods.contains(where: { $0.center != .none }) else { return notes }
    let own = data.test.dropFirst().filter { data.unlabelled[$0.language] == nil }
    notes.append(
      own.isEmpty
        ? "Each language's mean was taken from text apart from the test rows, without labels."
        : "The mean of \(own.map(\.language).joined(separator: ", ")) was taken from the test rows' own "
          + "text, without labels, because there was no other.")
    return notes
  }
}
