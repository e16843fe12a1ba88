// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What a classifier works in while it reads one text, kept for the next.
///
/// One thread at a time has it, from `ScratchPool.take` to `giveBack`; so it may go from one to another.
final class ClassifierScratch: @unchecked Sendable {
  let features = LineFeatures()
  /// The text's vector.
  let hidden: FloatBuffer
  /// A number for each label, or each decision.
  let scores: FloatBuffer
  /// Nodes of the label tree that are still to be looked at.
  let nodes = GrowingBuffer<(node: Int32, score: Float)>(capacity: 64)

  init(dimension: Int, scoreCount: Int) {
    hidden = FloatBuffer(count: dimension)
    scores = FloatBuffer(count: scoreCount)
  }
}

/// Keeps as many workplaces as there have been threads at once.
final class ScratchPool: Sendable {
  private let dimension: Int
  private let scoreCount: Int
  private let free = Mutex<[ClassifierScratch]>([])

  init(dimension: Int, scoreCount: Int) {
    self.dimension = dimension
    self.scoreCount = scoreCount
  }

  func take() -> ClassifierScratch {
    free.withLock { $0.popLast() }
      ?? ClassifierScratch(dimension: dimension, scoreCount: scoreCount)
  }

  func giveBack(_ scratch: ClassifierScratch) { free.withLock { $0.append(scratch) } }
}
