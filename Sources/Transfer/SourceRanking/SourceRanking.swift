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
  /// The language that one would take anyway: candidates that agree less are a risk.
  public var baseline = "en"

  /// The nearest sentences that are looked at for each of the target's.
  static let neighborCount = 4

  /// A ranking with a base, and with typology where there is some.
  public init(encoder: any SentenceEncoder, typology: TypologyTable?) {
    self.encoder = encoder
    self.typology = typology
  }

  /// Looks at the candidates.
  ///
  /// - Parameters:
  ///   - sources: of different languages, all with labels or all without.
  ///   - progress: told what is done.
  /// - Throws: `RecipeError` where the sources cannot be compared.
  public func pool(
    _ sources: [SourceText], progress: @escaping (String) -> Void
  ) throws -> SourcePool {
    let hasLabels = try check(sources)
    let sources = sources.map { $0.sampled(rowLimit) }
    let vectors = try embed(sources, progress)
    let labels = hasLabels ? try LabelSet(sources.flatMap { $0.labels ?? [] }) : nil
    let fit = SoftmaxRegression(inversePenalty: inversePenalty)
    var members: [SourcePool.Member] = []
    for (source, vectors) in zip(sources, vectors) {
      let classes = (source.labels ?? []).compactMap { labels?.index(of: $0) }
      if labels != nil { progress("learning the heads of \(source.language)") }
      members.append(
        .init(
          text: source, vectors: vectors, profile: source.profile(encoder), classes: classes,
          heads: try labels.map {
            try SourceHeads(vectors, classes, classCount: $0.count, fit: fit)
          }))
    }
    return SourcePool(members, labels: labels)
  }

  /// Ranks the candidates for a target; one of the target's own language is left out.
  ///
  /// - Parameters:
  ///   - pool: two candidates at least.
  ///   - target: the target's text; labels in it are not looked at.
  ///   - progress: told what is done.
  /// - Throws: `RecipeError` where there is nothing to rank.
  public func rank(
    _ pool: SourcePool, target: SourceText, progress: @escaping (String) -> Void
  ) throws -> SourceRankingResult {
    let tag = try LanguageTag(target.language)
    let candidates = try pool.candidates(for: tag)
    guard candidates.count > 1 else {
      throw RecipeError(
        .data,
        "expected at least two sources of other languages to rank for '\(target.language)', found \(candidates.count)"
      )
    }
    guard !target.texts.isEmpty else {
      throw RecipeError(.data, "there is no text of '\(target.language)'")
    }
    let target = target.sampled(rowLimit)
    let vectors = try embed([target], progress)[0]
    let profile = target.profile(encoder)
    var transfer: LabelTransfer?
    if let labels = pool.labels {
      transfer = try LabelTransfer(
        candidates.compactMap(\.heads), joint: pool.joint(candidates, labels), target: vectors)
    }
    let weights = transfer == nil ? SourceWeights.unlabelled : .labelled
    var described: [SourceCandidate] = []
    for (index, candidate) in candidates.enumerated() {
      var features = candidate.profile.features(forTarget: profile)
      try addDistances(candidate.vectors, vectors, to: &features)
      try addTypology(candidate.text.language, tag, to: &features)
      if let evidence = transfer?.evidence[index] {
        features[.agreement] = evidence.agreement
        features[.classBalance] = evidence.classBalance
        features[.confidence] = evidence.confidence
        features[.ownAccuracy] = evidence.ownAccuracy
      }
      described.append(SourceCandidate(language: candidate.text.language, features: features))
    }
    return SourceRankingResult(
      ranked: SourceRanker(weights: weights).rank(described), weights: weights,
      risks: try risks(candidates, pool.labels, transfer), target: .init(target.language, profile),
      classes: pool.labels?.names, majority: transfer?.majority, hasTypology: typology != nil,
      heads: Dictionary(
        candidates.compactMap { candidate in
          candidate.heads.map { (candidate.text.language, $0.plain) }
        }, uniquingKeysWith: { first, _ in first }))
  }

  private func embed(
    _ texts: [SourceText], _ progress: @escaping (String) -> Void
  ) throws -> [Tensor] {
    var meter = ProgressMeter(progress)
    meter.name(texts.count == 1 ? "embedding \(texts[0].language)" : "embedding")
    let rows = texts.map { encoder.rows($0.texts) }
    meter.begin(rows.joined().reduce(0) { $0 + $1.count }, unit: "tokens")
    let vectors = try zip(texts, rows).map { text, rows in
      try encoder.embed(rows, language: text.language) { meter.advance($0) }
    }
    meter.end()
    return vectors
  }

  /// Whether the sources have labels.
  private func check(_ sources: [SourceText]) throws -> Bool {
    var seen: Set<LanguageTag> = []
    for source in sources {
      guard seen.insert(try LanguageTag(source.language)).inserted else {
        throw RecipeError(
          .data, "the language '\(source.language)' is there twice among the sources; leave one out"
        )
      }
      guard !source.texts.isEmpty else {
        throw RecipeError(.data, "there is no text of '\(source.language)'")
      }
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
      SourceHeads.centered(source), SourceHeads.centered(target), Self.neighborCount)
  }

  /// The mean cosine of the target's rows to the nearest `count` of the source's.
  private static func nearness(_ source: Tensor, _ target: Tensor, _ count: Int) throws -> Double {
    let cosines = try target.normalized().matmul(source.normalized().transposed())
    return try cosines.largest(min(count, source.shape[0])).values.mean().item()
  }

  private func addTypology(
    _ source: String, _ target: LanguageTag, to features: inout [SourceFeature: Double]
  ) throws {
    guard let typology else { return }
    let pair = (try LanguageTag(source), target)
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
    _ candidates: [SourcePool.Member], _ labels: LabelSet?, _ transfer: LabelTransfer?
  ) throws -> [String: [TransferRisk]] {
    let fertilities = candidates.map(\.profile.fertility).sorted()
    let usual = try LanguageTag(baseline)
    let place = try candidates.firstIndex { try LanguageTag($0.text.language) == usual }
    var risks: [String: [TransferRisk]] = [:]
    for (index, candidate) in candidates.enumerated() {
      let classes = Set(candidate.classes)
      risks[candidate.text.language] = TransferRisk.risks(
        language: candidate.text.language, profile: candidate.profile,
        agreement: transfer?.evidence[index].agreement,
        baseline: place.flatMap { place in
          transfer.map { (candidates[place].text.language, $0.evidence[place].agreement) }
        },
        majority: transfer?.majority, medianFertility: fertilities[fertilities.count / 2],
        missing: labels?.names.enumerated().filter { !classes.contains($0.offset) }
          .map(\.element) ?? [])
    }
    return risks
  }
}
