// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Makes the vocabularies of SentencePiece's `char` and `word` models: what occurs most, with the logarithm of its share as
/// its score.
public struct PlainPieceTrainer: Sendable {
  /// A piece with its score, the natural logarithm of its share in the text.
  public typealias Piece = (piece: String, score: Double)

  /// The most pieces that are kept; nil keeps all.
  public let vocabularySize: Int?

  /// Makes a trainer.
  public init(vocabularySize: Int?) { self.vocabularySize = vocabularySize }

  /// The scalars of an alphabet by falling count, equal ones by their values.
  ///
  /// The shares are among the alphabet's scalars; one that does not occur counts as if it stood there once.
  public func characters(_ words: WordTable, alphabet: [Unicode.Scalar]) -> [Piece] {
    var counts = [Int64](repeating: -1, count: 0x11_0000)
    for scalar in alphabet { counts[Int(scalar.value)] = 0 }
    words.bytes.withUnsafeBufferPointer { bytes in
      for word in 0..<words.count {
        var index = words.range(word).lowerBound
        while index < words.range(word).upperBound {
          let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
          if scalar < 0x11_0000, counts[Int(scalar)] >= 0 {
            counts[Int(scalar)] += words.counts[word]
          }
          index += length
        }
      }
    }
    return best(
      counts.indices.compactMap { value in
        guard counts[value] >= 0, let scalar = Unicode.Scalar(UInt32(value)) else { return nil }
        return (String(scalar), counts[value])
      })
  }

  /// The words by falling count, equal ones by their bytes; those with scalars outside the alphabet are left out.
  public func words(_ words: WordTable, alphabet: [Unicode.Scalar]) -> [Piece] {
    var isKnown = [Bool](repeating: false, count: 0x11_0000)
    for scalar in alphabet { isKnown[Int(scalar.value)] = true }
    return best(
      (0..<words.count).compactMap { index in
        let word = String(decoding: words[index], as: UTF8.self)
        guard word.unicodeScalars.allSatisfy({ isKnown[Int($0.value)] }) else { return nil }
        return (word, words.counts[index])
      })
  }

  /// The candidates that count most; they come in the order of their bytes.
  private func best(_ candidates: [(piece: String, count: Int64)]) -> [Piece] {
    let total = candidates.reduce(0.0) { $0 + Double(max($1.count, 1)) }
    let order = candidates.indices.sorted {
      candidates[$0].count != candidates[$1].count
        ? candidates[$0].count > candidates[$1].count : $0 < $1
    }
    return order.prefix(vocabularySize ?? order.count).map {
      (candidates[$0].piece, log(Double(max(candidates[$0].count, 1))) - log(total))
    }
  }
}
