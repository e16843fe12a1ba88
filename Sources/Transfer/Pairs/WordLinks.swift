// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import Tasks
import Training

/// Says which words of pairs of texts belong together, by how alike they are in a middle layer of a base (SimAlign's mutual best;
/// Jalili Sabet and others, 2020).
///
/// Words are what stands between spaces: of a text without spaces there is one.
struct WordLinks {
  private let states: WordStates

  /// Links by a base as it is.
  init(_ base: TextEncoder) throws { states = try WordStates(base) }

  /// For each pair, the places of words that are each other's most alike.
  ///
  /// - Parameter progress: is told of pairs that are done.
  func links(
    of pairs: [(source: String, target: String)], progress: (Int) -> Void = { _ in }
  ) throws -> [[(source: Int, target: Int)]] {
    let aligner = SimilarityAligner(method: .argmax)
    var result: [[(source: Int, target: Int)]] = []
    for start in stride(from: 0, to: pairs.count, by: 256) {
      let batch = pairs[start..<min(pairs.count, start + 256)].map {
        (source: AlignmentRows.words(of: $0.source), target: AlignmentRows.words(of: $0.target))
      }
      for (sides, similarities) in zip(batch, try states.similarities(batch)) {
        let links = aligner.align(similarities, targetCount: sides.target.count).links
        result.append(links.map { ($0.source, $0.target) })
      }
      progress(batch.count)
    }
    return result
  }
}
