// SPDX-License-Identifier: Apache-2.0

import Foundation
import WordVectors

/// Two languages whose vectors differ by a rotation and some noise; word n of one means word n of the other.
package enum TwinSpaces {
  package static func make(
    count: Int = 300, dimension: Int = 12, noise: Double = 0.02, seed: UInt64 = 1
  ) throws -> (source: VectorTable, target: VectorTable) {
    var generator = SplitMix(seed: seed)
    func normal() -> Double {
      let u = (Double(generator.next() >> 11) + 1) * 0x1p-53
      let v = Double(generator.next() >> 11) * 0x1p-53
      return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
    }
    // A different spread along each axis, so that no other rotation fits.
    let x = (0..<count).map { _ in (0..<dimension).map { normal() / (1 + 0.3 * Double($0)) } }
    let random = Matrix(
      rows: dimension, columns: dimension, (0..<dimension * dimension).map { _ in normal() })
    let rotation = random.squareSingularValues().u
    let z = x.map { row in
      (0..<dimension).map { column in
        (0..<dimension).reduce(0) { $0 + row[$1] * rotation[$1, column] } + noise * normal()
      }
    }
    func table(_ prefix: String, _ rows: [[Double]]) throws -> VectorTable {
      try VectorTable(
        words: WordList((0..<count).map { "\(prefix)\($0)" }),
        vectors: VectorMatrix(rows.map { $0.map(Float.init) }))
    }
    return (try table("a", x), try table("b", z))
  }

  package static func pairs(_ range: Range<Int>) -> WordPairs {
    WordPairs(range.map { .init("a\($0)", "b\($0)") })
  }
}
