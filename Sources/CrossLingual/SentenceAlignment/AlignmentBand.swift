// SPDX-License-Identifier: Apache-2.0

/// Where a path from the start of two documents to their ends is looked for: for each number of source sentences, a range of
/// numbers of target sentences.
struct AlignmentBand: Sendable {
  let sourceCount: Int
  let targetCount: Int
  /// For each number of source sentences from 0 to all of them, the numbers of target sentences.
  private(set) var ranges: [ClosedRange<Int>]

  /// All of it.
  init(full sourceCount: Int, _ targetCount: Int) {
    self.sourceCount = sourceCount
    self.targetCount = targetCount
    ranges = .init(repeating: 0...targetCount, count: sourceCount + 1)
  }

  /// What lies near a path, in steps along the other diagonal.
  ///
  /// - Parameter path: Points from (0, 0) to the ends, which may lie apart: what is between is on a straight line.
  init(
    around path: [(source: Int, target: Int)], width: Int, _ sourceCount: Int, _ targetCount: Int
  ) {
    self.sourceCount = sourceCount
    self.targetCount = targetCount
    var low = [Int](repeating: targetCount, count: sourceCount + 1)
    var high = [Int](repeating: 0, count: sourceCount + 1)
    for (first, last) in zip(path, path.dropFirst()) {
      let (down, right) = (last.source - first.source, last.target - first.target)
      let count = max(1, down + right)
      for step in 0...count {
        let source = first.source + (down * step + count / 2) / count
        let target = first.target + (right * step + count / 2) / count
        for shift in -width...width where (0...sourceCount).contains(source - shift) {
          let row = source - shift
          low[row] = min(low[row], max(0, target + shift))
          high[row] = max(high[row], min(targetCount, target + shift))
        }
      }
    }
    low[0] = 0
    high[sourceCount] = targetCount
    // From each row the next must be within reach.
    for row in 1..<max(1, sourceCount + 1) {
      low[row] = max(low[row], low[row - 1])
      high[row] = max(high[row], high[row - 1])
    }
    for row in (0..<sourceCount).reversed() {
      low[row] = min(low[row], low[row + 1])
    }
    ranges = zip(low, high).map { min($0, $1)...max($0, $1) }
  }

  /// A step of a way through: what it takes of either side, and what it costs.
  struct Part {
    let step: AlignmentStep
    let source: Range<Int>
    let target: Range<Int>
    let cost: Double
  }

  /// The cheapest way through, one step after another.
  ///
  /// - Parameter cost: what a step costs that ends after so many sentences of either side, not negative; it is asked once at most.
  func cheapestParts(
    _ steps: [AlignmentStep], cost: (AlignmentStep, Int, Int) -> Double
  ) -> [Part] {
    var starts = [0]
    for range in ranges { starts.append(starts[starts.count - 1] + range.count) }
    var sums = [Double](repeating: .infinity, count: starts[ranges.count])
    var choices = [UInt8](repeating: 0, count: sums.count)
    for source in 0...sourceCount {
      let range = ranges[source]
      for target in range {
        let place = starts[source] + target - range.lowerBound
        guard source + target > 0 else {
          sums[place] = 0
          continue
        }
        var best = Double.infinity
        for (index, step) in steps.enumerated() {
          let (from, to) = (source - step.source, target - step.target)
          guard from >= 0, to >= 0, ranges[from].contains(to) else { continue }
          let before = sums[starts[from] + to - ranges[from].lowerBound]
          // No step is cheaper than none: one that starts no lower cannot win.
          guard before < best else { continue }
          let sum = before + cost(step, source, target)
          guard sum < best else { continue }
          best = sum
          choices[place] = UInt8(index)
        }
        sums[place] = best
      }
    }
    var (source, target) = (sourceCount, targetCount)
    var parts: [Part] = []
    while source + target > 0 {
      let place = starts[source] + target - ranges[source].lowerBound
      let step = steps[Int(choices[place])]
      let (from, to) = (source - step.source, target - step.target)
      let before = sums[starts[from] + to - ranges[from].lowerBound]
      parts.append(
        Part(step: step, source: from..<source, target: to..<target, cost: sums[place] - before))
      (source, target) = (from, to)
    }
    return parts.reversed()
  }
}

extension [AlignmentBand.Part] {
  /// The ends of what has a counterpart, from (0, 0): sentences that were left out say nothing of where the way leads.
  var path: [(source: Int, target: Int)] {
    [(0, 0)]
      + filter { !$0.step.isDeletion }.flatMap {
        [
          ($0.source.lowerBound, $0.target.lowerBound),
          ($0.source.upperBound, $0.target.upperBound),
        ]
      }
  }
}
