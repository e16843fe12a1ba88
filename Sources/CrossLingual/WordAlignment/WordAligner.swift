// SPDX-License-Identifier: Apache-2.0

import Synchronization
import WordVectors

/// Aligns the words of sentence pairs by models of both directions.
///
/// Made by an ``AlignmentTrainer``, or read from a file. Words that training did not have are known by their stems where the model has
/// them, else by their place alone.
public struct WordAligner: Sendable {
  var source: AlignmentVocabulary
  var target: AlignmentVocabulary
  var forward: DirectionModel
  var backward: DirectionModel

  /// Both directions' alignments of a pair, as source-target links: in the first each target word has chosen, in the second each source
  /// word.
  public func directions(
    _ sourceWords: [String], _ targetWords: [String]
  ) -> (forward: WordAlignment, backward: WordAlignment) {
    guard !sourceWords.isEmpty, !targetWords.isEmpty else {
      return (WordAlignment([]), WordAlignment([]))
    }
    let sources = sourceWords.map(source.number)[...]
    let targets = targetWords.map(target.number)[...]
    return (
      Self.choices(forward, sources, targets), Self.choices(backward, targets, sources).reversed
    )
  }

  /// One alignment of a pair.
  public func align(
    _ sourceWords: [String], _ targetWords: [String], by method: Symmetrization = .growDiagFinalAnd
  ) -> WordAlignment {
    let (forward, backward) = directions(sourceWords, targetWords)
    return method(forward, backward)
  }

  /// One alignment of each pair, with several threads.
  public func align(
    _ pairs: [(source: [String], target: [String])], by method: Symmetrization = .growDiagFinalAnd,
    threads: Int
  ) -> [WordAlignment] {
    let parts = Mutex<[(start: Int, alignments: [WordAlignment])]>([])
    parallelRanges(pairs.count, threads: threads) { range in
      let alignments = range.map { align(pairs[$0].source, pairs[$0].target, by: method) }
      parts.withLock { $0.append((range.lowerBound, alignments)) }
    }
    return parts.withLock { $0 }.sorted { $0.start < $1.start }.flatMap(\.alignments)
  }

  /// Each target word's most probable choice under the posterior; the first of equals.
  private static func choices(
    _ model: DirectionModel, _ source: ArraySlice<Int32>, _ target: ArraySlice<Int32>
  ) -> WordAlignment {
    var lattice = AlignmentLattice()
    var transitions: [Double]?
    if case .jumps(let jumps) = model.order { transitions = jumps.matrix(source.count) }
    lattice.fill(model, source, target, transitions: transitions)
    let width = source.count + 1
    return WordAlignment(
      (0..<target.count).compactMap { row in
        let choices = lattice.posteriors[row * width..<(row + 1) * width]
        let best = choices.indices.reduce(choices.startIndex) {
          choices[$1] > choices[$0] ? $1 : $0
        }
        let place = best - choices.startIndex
        return place < source.count ? .init(place, row) : nil
      })
  }
}
