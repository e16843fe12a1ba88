// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Reports
import Tasks
import Torch

/// Puts what a task's run found into the report's own form.
struct TaskReportBuilder {
  let recipe: TaskRecipe
  let evidence: [TaskEvidence]
  let gains: [MethodGain]
  let spending: Spending
  let output: URL
  let identity: String
  let trainCount: Int

  func report() throws -> TransferReport {
    var report = TransferReport(
      title: recipe.title, task: recipe.name, sourceLanguage: recipe.data.source)
    let metric = evidence.first?.languages.first?.scores.first?.metric ?? "score"
    report.measure = Self.called(metric)
    let codes = evidence.first?.languages.map(\.language) ?? []
    report.languages = Set(codes + [recipe.data.source]).sorted().map { code in
      let name = Locale(identifier: "en").localizedString(forIdentifier: code)
      return .init(code: code, name: name ?? code)
    }
    report.header = [
      .init("recipe", "\(recipe.name) (\(recipe.recipe))"),
      .init("task", recipe.task.kind.rawValue),
      .init("seed", String(recipe.seed)), .init("labelled examples", String(trainCount)),
      .init("Koine", Koine.version), .init("libtorch", Engine.version),
    ]
    report.headlineMethod = recipe.keep
    report.methods = zip(recipe.methods, evidence).map(method)
    report.scores = evidence.flatMap { method in
      method.languages.map {
        .init(
          language: $0.language, method: method.method, n: $0.count, accuracy: $0.value,
          low: $0.interval?.low, high: $0.interval?.high)
      }
    }
    report.mistakes = (evidence.first { $0.method == recipe.keep }?.mistakes ?? []).map {
      .init(
        language: $0.language, text: $0.text, gold: $0.gold, predicted: $0.predicted,
        confidence: $0.confidence)
    }.sorted {
      ($1.confidence, $0.language, $0.text) < ($0.confidence, $1.language, $1.text)
    }
    report.datasets = [dataset]
    report.baseEncoder = [
      .init("model", recipe.base.model), .init("prefix", recipe.base.prefix.rawValue),
      .init("pooling", recipe.base.pooling.rawValue),
      .init("longest row", "\(recipe.base.maximumLength) tokens"),
    ]
    report.recipe = try recipe.yaml()
    report.stages = spending.entries.sorted { $0.key < $1.key }.map {
      .init(name: $0.key, seconds: $0.value.seconds)
    }
    report.peakMemoryBytes = spending.entries.values.map(\.peakMemory).max()
    report.notes = notes
    return report
  }

  private var notes: [String] {
    let taught = recipe.methods.filter { !$0.teaching.sources.isEmpty || $0.teaching.shots > 0 }
    let names = taught.map { "'\($0.name)'" }.joined(separator: ", ")
    let isDrawn = recipe.methods.contains { $0.draws > 1 }
    var notes = [
      taught.isEmpty
        ? "Labels of '\(recipe.data.source)' alone were learned from. Labels of other languages were read only to score finished "
          + "predictions."
        : "\(names) learned from labels of other languages too; all other methods from those of '\(recipe.data.source)' alone. What is "
          + "measured on was read only to score finished predictions.",
      "Intervals are 95 % percentile bootstraps over test examples (\(recipe.evaluation.resamples) resamples); "
        + (isDrawn
          ? "where a method was trained several times, over its trainings too, of which scores are the mean."
          : "they do not cover variation between training runs."),
    ]
    notes += gains.map { gain in
      let range = gain.interval.map {
        String(format: " (%+.1f to %+.1f)", 100 * $0.low, 100 * $0.high)
      }
      return "'\(gain.method)' over '\(gain.reference)': "
        + String(format: "%+.1f", 100 * gain.difference) + (range ?? "")
        + " points in the mean of \(gain.languages) other languages, better in \(gain.better); p = "
        + String(format: "%.3g", gain.pValue)
        + (gains.count > 1
          ? String(format: ", %.3g corrected for \(gains.count) comparisons (Holm).", gain.adjusted)
          : ".")
    }
    return notes
  }

  private func method(_ method: TaskRecipe.Method, _ part: TaskEvidence) -> TransferReport.Method {
    let spent = spending.entries["methods/\(method.name)"]
    let epochs = method.plan.epochs == 1 ? "1 epoch" : "\(method.plan.epochs) epochs"
    let length = method.plan.steps.map { "\($0) steps" } ?? epochs
    let parts = [
      method.choice.summary, method.alignment.map { "above the alignment '\($0)'" },
      method.teaching.summary, method.draws > 1 ? "\(method.draws) trainings" : nil,
      part.steps > 0 ? length : "nothing trained",
    ]
    return .init(
      name: method.name, summary: parts.compactMap(\.self).joined(separator: ", "),
      furtherLabels: method.teaching.furtherLabels, trainableParameters: part.parameterCount,
      seconds: spent?.seconds,
      peakMemoryBytes: spent?.peakMemory)
  }

  private var dataset: TransferReport.Dataset {
    let counts =
      [TransferReport.Field(recipe.data.source, "\(trainCount) labelled training examples")]
      + (evidence.first?.languages ?? []).map {
        TransferReport.Field($0.language, "\($0.count) test examples")
      }
    let digest = TransferReport.Field("all files", identity)
    let folder = output.appendingPathComponent("data")
    guard recipe.data.importer != nil, let manifest = try? ImportManifest(contentsOf: folder) else {
      return .init(
        name: recipe.name, source: recipe.data.path ?? "", version: "as found",
        licence: "the user's", counts: counts, hashes: [digest])
    }
    return .init(
      name: manifest.importer, source: manifest.source, version: manifest.version,
      licence: manifest.licence, counts: counts, hashes: [digest])
  }

  /// A metric's name as people write it.
  private static func called(_ metric: String) -> String {
    switch metric {
    case "f1": "F1"
    case "accuracy": "Accuracy"
    case "accuracy_at_1": "Accuracy at 1"
    case "mrr": "Mean reciprocal rank"
    case "spearman": "Spearman's correlation"
    default: metric
    }
  }
}
