// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The contents of `results.json`: what was measured, and nothing that varies from run to run.
///
/// Times, memory and paths are left to the report, so that the same recipe, seed and machine give
/// the same bytes.
public struct ResultsDocument: Sendable, Equatable, Codable {
  /// What the numbers came from.
  public struct Header: Sendable, Equatable, Codable {
    /// The recipe's name and version, such as `intents (transfer/v1)`.
    public var recipe: String
    /// The seed of the run and of the intervals.
    public var seed: UInt64
    /// Versions of whatever has a say in the numbers, by name.
    public var versions: [String: String]

    /// Makes a header from its parts.
    public init(recipe: String, seed: UInt64, versions: [String: String]) {
      self.recipe = recipe
      self.seed = seed
      self.versions = versions
    }
  }

  /// The transfer gap of one method by one metric.
  public struct Gap: Sendable, Equatable, Codable {
    /// The task's name.
    public var task: String
    /// The split.
    public var split: String
    /// The metric's name.
    public var metric: String
    /// The method, where several stand beside each other.
    public var method: String?
    /// The language whose labels were learnt from.
    public var sourceLanguage: String
    /// Its score.
    public var source: Double
    /// The mean over the other languages; nil where there are none.
    public var meanOfOthers: Double?
    /// The source's score minus that mean.
    public var gap: Double?
    /// How many other languages there are.
    public var languages: Int
    /// The other language with the lowest score.
    public var weakestLanguage: String?
    /// Its score.
    public var weakest: Double?
  }

  /// The file's layout: `koine.results/v1`.
  public var format = "koine.results/v1"
  /// What the numbers came from.
  public var header: Header
  /// The numbers, in the order in which they were given.
  public var rows: [ResultRow]
  /// The transfer gaps, in the order in which task, split, method and metric first appear.
  public var transferGaps: [Gap]

  /// Gathers rows and works out the gaps.
  ///
  /// - Parameters:
  ///   - header: What the numbers came from.
  ///   - rows: The numbers; a language without a number is left out of the gap.
  ///   - sourceLanguage: The language whose labels were learnt from.
  ///   - gapMetrics: The metrics that have a gap, those where higher is better; accuracy and
  ///     macro-F1 by default.
  /// - Throws: `MetricsError` where the source language has no number beside the others', or where
  ///   a language has two for the same metric.
  public init(
    header: Header, rows: [ResultRow], sourceLanguage: String,
    gapMetrics: [String] = ["accuracy", "macro_f1"]
  ) throws(MetricsError) {
    self.header = header
    self.rows = rows
    transferGaps = []
    struct Key: Hashable {
      let task, split, metric: String
      let method: String?
    }
    var order: [Key] = []
    var groups: [Key: [TransferGap.Score]] = [:]
    for row in rows where gapMetrics.contains(row.metric) {
      guard let value = row.value else { continue }
      let key = Key(task: row.task, split: row.split, metric: row.metric, method: row.method)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(.init(language: row.language, value: value))
    }
    for key in order {
      let gap = try TransferGap(scores: groups[key] ?? [], source: sourceLanguage)
      transferGaps.append(
        Gap(
          task: key.task, split: key.split, metric: key.metric, method: key.method,
          sourceLanguage: sourceLanguage, source: gap.source, meanOfOthers: gap.meanOfOthers,
          gap: gap.gap, languages: gap.others.count, weakestLanguage: gap.weakest?.language,
          weakest: gap.weakest?.value))
    }
  }

  private enum CodingKeys: String, CodingKey {
    case format, header, rows
    case transferGaps = "transfer_gaps"
  }
}

extension ResultsDocument.Gap {
  private enum CodingKeys: String, CodingKey {
    case task, split, metric, method, source, gap, languages, weakest
    case sourceLanguage = "source_language"
    case meanOfOthers = "mean_of_others"
    case weakestLanguage = "weakest_language"
  }
}
