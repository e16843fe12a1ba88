// SPDX-License-Identifier: Apache-2.0

/// The binary tree of hierarchical softmax: Huffman's code of the labels by their counts.
///
/// Nodes below ``labelCount`` are the labels, the others are decisions in the order in which they were made
/// of two; the last is the root. Row n of the output matrix decides at node `labelCount + n`: its logistic
/// value is the probability of the right branch.
struct LabelTree: Sendable {
  struct Branches { var left, right: Int32 }

  let labelCount: Int
  /// The two ways from each decision, from the first that was made to the root.
  let decisions: [Branches]

  /// The tree of labels with these counts, which fall from each to the next as a dictionary's do.
  init(counts: ArraySlice<Int64>) {
    labelCount = counts.count
    let unmade: Int64 = 1_000_000_000_000_000
    var weights = Array(counts) + [Int64](repeating: unmade, count: max(labelCount - 1, 0) + 1)
    var decisions: [Branches] = []
    // Two queues: labels from the rarest, and nodes from the first made.
    var label = labelCount - 1
    var made = labelCount
    func lightest() -> Int {
      if label >= 0, weights[label] < weights[made] {
        defer { label -= 1 }
        return label
      }
      defer { made += 1 }
      return made
    }
    for node in labelCount..<max(2 * labelCount - 1, labelCount) {
      let (left, right) = (lightest(), lightest())
      weights[node] = weights[left] &+ weights[right]
      decisions.append(Branches(left: Int32(left), right: Int32(right)))
    }
    self.decisions = decisions
  }

  /// For each label the decisions on the way from it to the root, and at each whether it lies to the right.
  func paths() -> [[(decision: Int32, isRight: Bool)]] {
    var above = [(decision: Int32, isRight: Bool)?](repeating: nil, count: 2 * labelCount)
    for (index, branches) in decisions.enumerated() {
      above[Int(branches.left)] = (Int32(index), false)
      above[Int(branches.right)] = (Int32(index), true)
    }
    return (0..<labelCount).map { label in
      var path: [(decision: Int32, isRight: Bool)] = []
      var node = label
      while let step = above[node] {
        path.append(step)
        node = labelCount + Int(step.decision)
      }
      return path
    }
  }
}
