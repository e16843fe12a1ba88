// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// What one walk over all words finds: how often each piece is expected or used.
///
/// Counts are added as integers, in units of 2^-16 of a count, so that the sum does not depend on how the words were
/// shared out among threads.
struct UnigramCounts: Sendable {
  static let scale = 65536.0

  var pieces: [Int64]
  /// The sum over words of the natural logarithm of their probability, times their count; in 2^-16.
  var logLikelihood: Int64 = 0
  /// How many pieces the words of each language were cut into, times their counts, without weights.
  var tokens: [Int64]

  init(_ count: Int, languages: Int) {
    pieces = [Int64](repeating: 0, count: count)
    tokens = [Int64](repeating: 0, count: languages)
  }

  mutating func add(_ other: UnigramCounts) {
    for index in pieces.indices { pieces[index] &+= other.pieces[index] }
    logLikelihood &+= other.logLikelihood
    for index in tokens.indices { tokens[index] &+= other.tokens[index] }
  }
}

extension UnigramLattices {
  /// Walks over all words with as many threads as told, each with counts of its own.
  private func walk(
    _ pieceCount: Int, threads: Int,
    _ body: @Sendable (Range<Int>, inout UnigramCounts, inout UnigramScratch) -> Void
  ) -> UnigramCounts {
    let total = Mutex(UnigramCounts(pieceCount, languages: languageCount))
    let threads = max(1, min(threads, lengths.count))
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      var counts = UnigramCounts(pieceCount, languages: languageCount)
      var scratch = UnigramScratch()
      body(
        lengths.count * thread / threads..<lengths.count * (thread + 1) / threads, &counts, &scratch
      )
      total.withLock { $0.add(counts) }
    }
    return total.withLock { $0 }
  }

  /// How often each piece is expected (Baum and others, 1970, on the lattice of each word).
  ///
  /// Probabilities are multiplied, not their logarithms added. So that products of many stay in range, each is
  /// multiplied by `growth` for each scalar it covers, which changes no posterior. Where that is not enough, the word is
  /// done once more in logarithms.
  func expectations(
    _ scores: [Double], growth: Double, weights languageWeights: [Double], threads: Int
  ) -> UnigramCounts {
    let byLength = (0...512).map { exp(growth * Double($0)) }
    var weights = scores.map { exp($0) }
    for index in weights.indices { weights[index] *= byLength[Int(homes[index].length)] }
    let table = weights
    return walk(scores.count, threads: threads) { range, counts, scratch in
      table.withUnsafeBufferPointer { weights in
        scores.withUnsafeBufferPointer { scores in
          edges.withUnsafeBufferPointer { edges in
            for word in range {
              let isDone = scratch.expect(
                edges, firsts[word], Int(lengths[word]), weights, weight(word, languageWeights),
                growth: growth, &counts)
              if !isDone {
                scratch.expectInLogarithms(
                  edges, firsts[word], Int(lengths[word]), scores,
                  weight(word, languageWeights), &counts)
              }
            }
          }
        }
      }
    }
  }

  /// What a word counts, with the weight of its language.
  @inline(__always)
  private func weight(_ word: Int, _ weights: [Double]) -> Double {
    Double(counts[word]) * (languages.isEmpty ? 1 : weights[Int(languages[word])])
  }

  /// How often each piece is on the best path, and into how many pieces each language is cut.
  func uses(_ scores: [Double], weights: [Double], threads: Int) -> UnigramCounts {
    walk(scores.count, threads: threads) { range, counts, scratch in
      scores.withUnsafeBufferPointer { scores in
        edges.withUnsafeBufferPointer { edges in
          for word in range {
            let length = scratch.use(
              edges, firsts[word], Int(lengths[word]), scores, weight(word, weights), &counts)
            let language = languages.isEmpty ? 0 : Int(languages[word])
            counts.tokens[language] &+= self.counts[word] &* Int64(length)
          }
        }
      }
    }
  }

  /// The best way to spell each piece with others, by piece; empty for single scalars.
  func alternatives(_ scores: [Double], threads: Int) -> [[Int32]] {
    let results = Mutex([[Int32]](repeating: [], count: scores.count))
    let chunk = 4096
    DispatchQueue.concurrentPerform(iterations: (scores.count + chunk - 1) / chunk) { part in
      var scratch = UnigramScratch()
      let range = part * chunk..<min(scores.count, part * chunk + chunk)
      let found = range.map { piece -> [Int32] in
        let home = homes[piece]
        guard home.length > 1 else { return [] }
        return edges.withUnsafeBufferPointer { edges in
          scratch.spelling(
            edges, from: firsts[Int(home.word)], of: Int32(piece), at: home, scores)
        }
      }
      results.withLock { results in
        for (index, piece) in range.enumerated() { results[piece] = found[index] }
      }
    }
    return results.withLock { $0 }
  }
}
