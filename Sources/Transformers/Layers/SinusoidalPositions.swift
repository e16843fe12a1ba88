// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// Tables of sines and cosines of positions (Vaswani and others, 2017), in the two spellings in use.
enum SinusoidalPositions {
  /// MarianMT's: position p, dimension i of the first half is sin(p / 10000^(2i/width)), of the second the cosine.
  static func marian(count: Int, width: Int) throws(TorchError) -> Tensor {
    let sines = (width + 1) / 2
    var table = [Float](repeating: 0, count: count * width)
    for position in 0..<count {
      for dimension in 0..<width {
        let angle =
          Double(position) / pow(10_000, 2 * Double(dimension / 2) / Double(width))
        let column = dimension % 2 == 0 ? dimension / 2 : sines + dimension / 2
        table[position * width + column] = Float(dimension % 2 == 0 ? sin(angle) : cos(angle))
      }
    }
    return try Tensor(table, shape: [count, width])
  }

  /// M2M100's, as in fairseq: frequencies 10000^(-i/(half - 1)), sines before cosines; the padding's row is zero.
  static func fairseq(count: Int, width: Int, paddingID: Int) throws(TorchError) -> Tensor {
    let half = width / 2
    let step = Float(-log(10_000.0) / Double(max(half - 1, 1)))
    let frequencies = (0..<half).map { exp(Float($0) * step) }
    var table = [Float](repeating: 0, count: count * width)
    for position in 0..<count where position != paddingID {
      for (index, frequency) in frequencies.enumerated() {
        let angle = Float(position) * frequency
        table[position * width + index] = sin(angle)
        table[position * width + half + index] = cos(angle)
      }
    }
    return try Tensor(table, shape: [count, width])
  }
}
