// SPDX-License-Identifier: Apache-2.0

import Metrics

/// What a method is worth over another: the mean difference of their scores over all languages but the source, and how sure it is.
public struct MethodGain: Sendable, Equatable, Codable {
  /// The method.
  public var method: String
  /// The one that it is compared with.
  public var reference: String
  /// How many languages both were measured in.
  public var languages: Int
  /// In how many of them it is better.
  public var better: Int
  /// The mean difference.
  public var difference: Double
  /// The 95 % interval of the mean difference, a paired bootstrap over languages; nil below two.
  public var interval: Interval?
  /// How often chance alone parts two methods as far, by exchanging their scores language by language (Noreen, 1989): exactly for as
  /// many languages as that is possible for, else by 10,000 draws.
  public var pValue: Double
  /// The same, corrected for comparing several methods (Holm, 1979).
  public var adjusted: Double

  /// Every method's gain over one of them.
  ///
  /// - Parameters:
  ///   - evidence: what methods came to, in the same languages.
  ///   - reference: the method that others are compared with.
  ///   - source: the language that is left out.
  ///   - seed: draws resamples and exchanges.
  static func all(
    _ evidence: [TaskEvidence], over reference: String, source: String, seed: UInt64
  ) throws -> [MethodGain] {
    func values(_ part: TaskEvidence) -> [Double] {
      part.languages.filter { $0.language != source }.map(\.value)
    }
    guard let base = evidence.first(where: { $0.method == reference }).map(values), !base.isEmpty
    else { return [] }
    var gains: [MethodGain] = []
    for part in evidence where part.method != reference {
      let own = values(part)
      let test =
        own.count <= ApproximateRandomization.exactLimit
        ? try ApproximateRandomization(exactly: own, base)
        : try ApproximateRandomization(own, base, seed: seed)
      gains.append(
        MethodGain(
          method: part.method, reference: reference, languages: own.count,
          better: zip(own, base).count { $0 > $1 }, difference: test.meanDifference,
          interval: own.count > 1 ? try PairedBootstrap(own, base, seed: seed).interval : nil,
          pValue: test.pValue, adjusted: 1))
    }
    for (place, value) in try PValueAdjustment.holm.adjusted(gains.map(\.pValue)).enumerated() {
      gains[place].adjusted = value
    }
    return gains
  }

  /// The row of `results.json`.
  func row(task: String, split: String, metric: String) -> ResultRow {
    ResultRow(
      task: task, language: "mean of others", split: split, n: languages, metric: "\(metric)_gain",
      value: difference, interval: interval, method: "\(method) - \(reference)")
  }
}
