// SPDX-License-Identifier: Apache-2.0

import Tasks
import Torch
import Transformers

/// A language's name and the health of its space.
public struct LanguageHealth: Sendable, Equatable, Codable {
  /// The language.
  public var language: String
  /// Its health beside the source language.
  public var health: SpaceHealth

  /// A language's health.
  public init(_ language: String, _ health: SpaceHealth) {
    (self.language, self.health) = (language, health)
  }
}

/// Watches the space of each language while a training goes on.
public struct SpaceMonitor {
  /// The most pairs of a language that are looked at.
  public static let pairLimit = 500

  /// The languages that are watched: those with at least two pairs.
  private let languages: [(name: String, pairs: [AlignmentRows.Pair], sources: [[Int32]])]
  private let rule: CollapseRule
  private let frozen: Encoder?
  private let pooling: Pooling
  /// The health before the training.
  public let before: [LanguageHealth]

  /// A monitor of a body as it is now.
  ///
  /// - Parameters:
  ///   - rows: pairs that are not learned from.
  ///   - body: the body before the training.
  ///   - base: what the body belongs to.
  ///   - rule: when to stop.
  ///   - freezesSources: whether sources are always encoded by the base as it was before.
  ///   - pieces: the pieces that the body is restricted to; nil for all.
  init(
    _ rows: AlignmentRows, _ body: Encoder, _ base: TextEncoder, rule: CollapseRule,
    freezesSources: Bool, pieces: PieceSubset? = nil
  ) throws {
    self.rule = rule
    pooling = base.pooling
    frozen = freezesSources ? try base.encoder.packed() : nil
    languages = rows.languages.enumerated().compactMap { number, name in
      let pairs = rows.pairs.filter { $0.language == number }.prefix(Self.pairLimit)
      return pairs.count < 2
        ? nil : (name, Array(pairs), pairs.map { rows.sources[$0.source] })
    }
    before = try Self.health(languages, body, pooling, sources: frozen, pieces)
  }

  /// Whether there is anything to watch.
  public var isEmpty: Bool { languages.isEmpty }

  /// The health of a body as it is now.
  ///
  /// - Parameter pieces: the pieces that it is restricted to; nil for all.
  public func health(_ body: Encoder, _ pieces: PieceSubset? = nil) throws -> [LanguageHealth] {
    try Self.health(languages, body, pooling, sources: frozen, pieces)
  }

  /// Stops a training whose space has collapsed.
  ///
  /// - Throws: `TrainingError` that names the language and the symptom.
  func check(_ now: [LanguageHealth], step: Int) throws(TrainingError) {
    for (old, new) in zip(before, now) {
      guard let symptom = rule.symptom(before: old.health, now: new.health) else { continue }
      throw TrainingError(
        .collapse,
        "the space of \(new.language) has collapsed after \(step) steps: \(symptom); lower the rate, or give 'uniformity', "
          + "'pivot' or 'keep' more weight")
    }
  }

  private static func health(
    _ languages: [(name: String, pairs: [AlignmentRows.Pair], sources: [[Int32]])], _ body: Encoder,
    _ pooling: Pooling, sources frozen: Encoder?, _ pieces: PieceSubset? = nil
  ) throws -> [LanguageHealth] {
    try GradientMode.disabled {
      try languages.map { language in
        let sources = try vectors(
          language.sources, frozen ?? body, pooling, frozen == nil ? pieces : nil)
        let targets = try vectors(language.pairs.map(\.target), body, pooling, pieces)
        return LanguageHealth(
          language.name,
          try SpaceHealth(sources, targets, numbers: language.pairs.map(\.source)))
      }
    }
  }

  /// One vector of length one per row, `[rows, width]`.
  private static func vectors(
    _ rows: [[Int32]], _ body: Encoder, _ pooling: Pooling, _ pieces: PieceSubset?
  ) throws -> Tensor {
    let ids = pieces?.renumbered(rows) ?? rows
    var places = [Int64](repeating: 0, count: rows.count)
    var parts: [Tensor] = []
    var next = 0
    for indices in TokenBatches(lengths: rows.map(\.count)) {
      let batch = try PackedBatch(indices.map { ids[$0] }, for: body.configuration)
      parts.append(try pooling(body(batch), batch).normalized())
      for index in indices {
        places[index] = Int64(next)
        next += 1
      }
    }
    return try Tensor.concatenated(parts).gathered(0, Tensor(places))
  }
}
