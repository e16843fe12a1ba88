// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Training

/// Pairs to learn from, and others of the same languages to watch by.
///
/// Which pairs are held out follows from a hash of their sources, so that no source is on both sides and another order changes nothing.
struct HeldOutPairs {
  let training: [AlignmentPair]
  let development: [AlignmentPair]

  /// Pairs that come apart already; of those to learn from, the ones whose texts are among the others are left out.
  init(training: [AlignmentPair], development: [AlignmentPair]) {
    let seen = Set(development.map { [$0.source, $0.target] })
    self.training = training.filter { !seen.contains([$0.source, $0.target]) }
    self.development = development
  }

  /// Holds out pairs of each language: so many, but no more than a tenth of its own.
  init(_ pairs: [AlignmentPair], count: Int) {
    var sources: [String: Set<String>] = [:]
    for pair in pairs { sources[pair.language, default: []].insert(pair.source) }
    let held = sources.mapValues { texts in
      let ordered = texts.map { (FileDigest.sha256(of: Data($0.utf8)), $0) }
        .sorted { $0.0 < $1.0 }
      return Set(ordered.prefix(min(count, texts.count / 10)).map(\.1))
    }
    let all = held.values.reduce(into: Set<String>()) { $0.formUnion($1) }
    training = pairs.filter { !all.contains($0.source) }
    development = pairs.filter { held[$0.language]?.contains($0.source) == true }
  }
}
