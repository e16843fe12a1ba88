// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Draws pieces for one row; what it draws depends on the seed and the row, not on the batch.
struct PieceSampler {
  private let sampling: GenerationConfiguration.Sampling
  private var state: UInt64

  init(_ sampling: GenerationConfiguration.Sampling, row: Int, copy: Int) {
    self.sampling = sampling
    state = sampling.seed
    state = next() ^ UInt64(row)
    state = next() ^ UInt64(copy)
  }

  /// One of the pieces, whose scores fall.
  mutating func draw(_ scores: ArraySlice<Float>, _ ids: ArraySlice<Int32>) -> Int32? {
    guard let best = scores.first else { return nil }
    let weights = scores.map { exp(Double($0 - best) / sampling.temperature) }
    let total = weights.reduce(0, +)
    // A piece stays as long as those before it have not reached the share.
    var kept = 0
    var share = 0.0
    while kept < weights.count, kept == 0 || share < sampling.topP * total {
      share += weights[kept]
      kept += 1
    }
    var rest = Double(next() >> 11) * 0x1p-53 * share
    for index in 0..<kept {
      rest -= weights[index]
      if rest < 0 { return ids[ids.startIndex + index] }
    }
    return ids[ids.startIndex + kept - 1]
  }

  /// SplitMix64 (Steele and others, 2014).
  private mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
