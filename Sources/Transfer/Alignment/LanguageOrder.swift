// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Tasks
import Torch
import Training

/// Languages from near to far, as a base sees them before it is trained.
///
/// A language is near where texts lie closer to those that say the same in the source language than to others: the mean cosine to their own
/// less the mean cosine to all. Unlike the share that is found, that does not grow where there are few to choose from.
struct LanguageOrder {
  /// How near one language is.
  struct Place: Equatable {
    /// The language.
    var language: String
    /// The mean cosine of its texts to their own sources, less that to all sources.
    var nearness: Double
  }

  /// The languages, the nearest first.
  let places: [Place]

  /// The most pairs of a language that are looked at.
  static let pairLimit = 64

  /// Languages with their nearness; those that are as near as each other by name.
  init(_ places: [Place]) {
    self.places = places.sorted { ($1.nearness, $0.language) < ($0.nearness, $1.language) }
  }

  /// The order that a base sees.
  ///
  /// - Parameters:
  ///   - pairs: pairs of all languages; a sample that follows from their texts is looked at.
  ///   - encoder: the base, which puts its prefix before every text.
  init(_ pairs: [AlignmentPair], by encoder: any SentenceEncoder) throws {
    var members: [String: [AlignmentPair]] = [:]
    for pair in pairs { members[pair.language, default: []].append(pair) }
    var places: [Place] = []
    for (language, pairs) in members {
      let sample = pairs.map { (FileDigest.sha256(of: Data($0.source.utf8)), $0) }
        .sorted { $0.0 < $1.0 }.prefix(Self.pairLimit).map(\.1)
      func vectors(_ texts: [String]) throws -> Tensor {
        try encoder.embed(encoder.rows(texts), language: language)
      }
      let sources = try vectors(sample.map(\.source))
      let targets = try vectors(sample.map(\.target))
      let all = try sources.matmul(targets.transposed()).mean().item()
      let own = try sources.multiplied(by: targets).sum([1]).mean().item()
      places.append(Place(language: language, nearness: own - all))
    }
    self.init(places)
  }

  /// The nearest languages, a share of all, one at least.
  func nearest(_ share: Double) -> Set<String> {
    let count = max(1, Int((share * Double(places.count)).rounded(.up)))
    return Set(places.prefix(count).map(\.language))
  }

  /// The order in a line.
  var summary: String {
    places.map { String(format: "%@ %.3f", $0.language, $0.nearness) }.joined(separator: ", ")
  }
}
