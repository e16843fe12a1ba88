// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The best labels so far, in a heap whose first is the worst, with the steps of GNU's C++ library.
///
/// Scores are often equal where they come out of a table; which of equal labels stays and which comes first is then what
/// these steps make of them, and so it is in fastText.
struct LabelRanking {
  /// The most that are kept.
  let limit: Int
  private var heap: [(score: Float, label: Int32)] = []

  init(limit: Int) {
    self.limit = limit
    heap.reserveCapacity(min(limit, 64) + 1)
  }

  /// Whether a label is kept only in place of another.
  var isFull: Bool { heap.count == limit }

  /// The score that a label must not be below, once there are enough.
  var worst: Float { isFull ? heap[0].score : -.infinity }

  @inline(__always) mutating func add(_ score: Float, _ label: Int32) {
    if isFull, score < heap[0].score { return }
    heap.append((score, label))
    rise((score, label), from: heap.count - 1)
    if heap.count > limit {
      moveFirst(to: heap.count - 1)
      heap.removeLast()
    }
  }

  /// All of them, the best first; nothing can be added after.
  mutating func sorted() -> [(score: Float, label: Int32)] {
    for end in stride(from: heap.count - 1, to: 0, by: -1) { moveFirst(to: end) }
    return heap
  }

  /// Puts an entry where it belongs on the way from a place to the first.
  private mutating func rise(_ entry: (score: Float, label: Int32), from place: Int) {
    var place = place
    while place > 0, heap[(place - 1) / 2].score > entry.score {
      heap[place] = heap[(place - 1) / 2]
      place = (place - 1) / 2
    }
    heap[place] = entry
  }

  /// Moves the first to a place, and makes a heap of what stands before that.
  private mutating func moveFirst(to end: Int) {
    let entry = heap[end]
    heap[end] = heap[0]
    var place = 0
    var child = 0
    while child < (end - 1) / 2 {
      child = 2 * (child + 1)
      if heap[child].score > heap[child - 1].score { child -= 1 }
      heap[place] = heap[child]
      place = child
    }
    if end % 2 == 0, child == (end - 2) / 2, end > 0 {
      child = 2 * (child + 1)
      heap[place] = heap[child - 1]
      place = child - 1
    }
    rise(entry, from: place)
  }
}

/// The logarithm as fastText takes it, of a number a little larger, so that there is one of 0.
func shiftedLogarithm(_ value: Float) -> Float { Float(log(Double(value) + 1e-5)) }

/// The logistic function, read from fastText's table of 512 steps from -8 to 8; 0 and 1 beyond.
struct SigmoidTable: Sendable {
  private static let limit: Float = 8
  private static let steps = 512

  private let values: [Float] = (0...steps).map { step in
    let place = Float(step * 2 * Int(limit)) / Float(steps) - limit
    return Float(1 / (1 + Double(exp(-place))))
  }

  @inline(__always) func callAsFunction(_ value: Float) -> Float {
    if value < -Self.limit { return 0 }
    if value > Self.limit { return 1 }
    return values[Int((value + Self.limit) * Float(Self.steps) / Self.limit / 2)]
  }
}

/// The logistic function, exactly.
@inline(__always) func sigmoid(_ value: Float) -> Float { Float(1 / Double(1 + exp(-value))) }
