// SPDX-License-Identifier: Apache-2.0

import Corpora
import CrossLingual
import Foundation
import Tasks
import Torch

/// Ranks the languages that could teach a target, from text, the base encoder, the sources' labels and typology (after LangRank, Lin and
/// others, 2019).
///
/// No label of the target is read. With labels of the sources, what counts most is how often each source's head on the frozen base
/// agrees with all of them together (``LabelTransfer``); without, how near the sentences lie. Runs on the compute thread.
public struct SourceRanking {
  /// The base.
  public var encoder: any SentenceEncoder
  /// What is known of languages; nil for a ranking without typology.
  public var typology: TypologyTable?
  /// The most rows of a language that are looked at; 1000.
  public var rowLimit = 1000
  /// How weak the heads' penalty is, C in scikit-learn; 30, as recipes have it.
  public var inversePenalty = 30.0
  /// The language that one would take anyway: candidates expected below it are a risk.
  public var baseline = "en"

  /// The nearest sentences that are looked at for each of the target's.
  static let neighborCount = 4

  /// A ranking with a base, and with typology where there is some.
  public init(encoder: any SentenceEncoder, typology: TypologyTable?) {
    self.encoder = encoder
    self.typology = typology
  }

  /// Ranks sources for a target.
  ///
  /// - Parameters:
  ///   - sources: candidates of different languages, two at least, all with labels or all without.
  ///   - target: the target's text.
  ///   - progress: told what is done.
  /// - Throws: `RecipeError` where the sources cannot be compared.
  public func rank(
    _ sources: [SourceText], target: SourceText, progress: @escaping (String) -> Void
  ) throws -> SourceRankingResult {
    let hasLabels = try check(sources, target)
    let sources = sources.map { $0.sampled(rowLimit) }
    let target = target.sampled(rowLimit)
    var meter = ProgressMeter(progress)
    meter.name("embedding")
    let rows = (sources + [target]).map { encoder.rows($0.texts) }
    meter.begin(rows.joined().reduce(0) { $0 + $1.count }, unit: "tokens")
    let vectors = try zip(sources + [target], rows).map { text, rows in
      try encoder.embed(rows, language: text.language) { meter.advance($0) }
    }
    meter.end()
    let profiles = (sources + [target]).map { $0.profile(encoder) }
    var transfer: LabelTransfer?
    if hasLabels {
      progress("learning the heads of \(sources.count) sources")
      let labels = try LabelSet(sources.flatMap { $0.labels ?? [] })
      transfer = try LabelTransfer(
        zip(sources, vectors).map { source, vectors in
          (vectors, (source.labels ?? []).compactMap(labels.index(of:)))
        }, target: vectors[sources.count], labels: labels, inversePenalty: inversePenalty
      ) { progress("learnt the head of \(sources[$0].language)") }
    }
    var candidates: [SourceCandidate] = []
    for (index, source) in sources.enumerated() {
      var features = profiles[index].features(forTarget: profiles[sources.count])
      try addDistances(vectors[index], vectors[sources.count], to: &features)
      try addTypology(source.language, target.language, to: &features)
      if let evidence = transfer?.evidence[index] {
        features[.expectedAccuracy] = evidence.expectedAccuracy
        features[.classBalance] = evidence.classBalance
        features[.confidence] = evidence.confidence
        features[.ownAccuracy] = evidence.ownAccuracy
      }
      candidates.append(SourceCandidate(language: source.language, features: features))
    }
    let weights = hasLabels ? SourceWeights.labelled : .unlabelled
    return SourceRankingResult(
      ranked: SourceRanker(weights: weights).rank(candidates), weights: weights,
      risks: risks(sources, profiles, transfer),
      target: .init(target.language, profiles[sources.count]),
      classes: transfer?.labels.names, majority: transfer?.majority,
      hasTypology: typology != nil,
      heads: transfer.map { transfer in
        Dictionary(
          zip(sources.map(\.language), transfer.heads), uniquingKeysWith: { first, _ in first })
      } ?? [:])
  }

  /// Whether the sources have labels.
  private func check(_ sources: [SourceText], _ target: SourceText) throws -> Bool {
    guard sources.count > 1 else {
      throw RecipeError(
        .data, "expected at least two sources to rank, found \(sources.count)")
    }
    var seen: Set<LanguageTag> = [try LanguageTag(target.language)]
    for source in sources {
      guard seen.insert(try LanguageTag(source.language)).inserted else {
        throw RecipeError(
          .data,
          "the source '\(source.language)' is the target's language or is there twice; leave it out"
        )
      }
    }
    for text in sources + [target] where text.texts.isEmpty {
      throw RecipeError(.data, "there is no text of '\(text.language)'")
    }
    let labelled = sources.count { $0.labels != nil }
    guard labelled == 0 || labelled == sources.count else {
      throw RecipeError(
        .data, "expected labels in all sources or in none, found \(labelled) of \(sources.count)")
    }
    return labelled > 0
  }

  private func addDistances(
    _ source: Tensor, _ target: Tensor, to features: inout [SourceFeature: Double]
  ) throws {
    let means = try [source, target].map { try $0.mean([0], keeping: true).normalized() }
    features[.meanDistance] = 1 - (try means[0].multiplied(by: means[1]).sum().item())
    features[.plainNearestCosine] = try Self.nearness(source, target, 1)
    features[.nearestCosine] = try Self.nearness(
      LabelTransfer.centered(source), LabelTransfer.centered(target), Self.neighborCount)
  }

  /// The mean cosine of the target's rows to the nearest `count` of the source's.
  private static func nearness(_ source: Tensor, _ target: Tensor, _ count: Int) throws -> Double {
    let cosines = try target.normalized().matmul(source.normalized().transposed())
    return try cosines.largest(min(count, source.shape[0])).values.mean().item()
  }

  private func addTypology(
    _ source: String, _ target: String, to features: inout [SourceFeature: Double]
  ) throws {
    guard let typology else { return }
    let pair = (try LanguageTag(source), try LanguageTag(target))
    for (feature, distance) in [
      (SourceFeature.syntacticDistance, TypologicalDistance.syntactic),
      (.phonologicalDistance, .phonological), (.inventoryDistance, .inventory),
      (.featuralDistance, .featural), (.geneticDistance, .genetic),
      (.geographicDistance, .geographic),
    ] {
      features[feature] = distance.between(pair.0, pair.1, in: typology)
    }
  }

  private func risks(
    _ sources: [SourceText], _ profiles: [LanguageProfile], _ transfer: LabelTransfer?
  ) -> [String: [TransferRisk]] {
    let fertilities = profiles.prefix(sources.count).map(\.fertility).sorted()
    let expected = transfer?.evidence.map(\.expectedAccuracy)
    let usual = sources.firstIndex {
      (try? LanguageTag($0.language)) == (try? LanguageTag(baseline))
    }
    var risks: [String: [TransferRisk]] = [:]
    for (index, source) in sources.enumerated() {
      let classes = Set(source.labels ?? [])
      risks[source.language] = TransferRisk.risks(
        language: source.language, profile: profiles[index], expected: expected?[index],
        baseline: usual.flatMap { place in
          expected.map { (sources[place].language, $0[place]) }
        },
        majority: transfer?.majority, medianFertility: fertilities[fertilities.count / 2],
        missing: transfer?.labels.names.filter { !classes.contains($0) } ?? [])
    }
    return risks
  }
}
