// SPDX-License-Identifier: Apache-2.0

/// A confusion matrix: how often each gold class was predicted as each class.
///
/// Counting is all it does; what the counts are worth is in `Confusion+Scores.swift`.
public struct Confusion: Sendable, Equatable {
  /// How many classes there are; classes are `0..<classCount`.
  public let classCount: Int
  /// The counts in row-major order, `[gold * classCount + predicted]`.
  public private(set) var counts: [Int]

  /// An empty matrix.
  ///
  /// - Precondition: `classCount` is not negative.
  public init(classCount: Int) {
    precondition(classCount >= 0, "a confusion matrix cannot have \(classCount) classes")
    self.classCount = classCount
    counts = [Int](repeating: 0, count: classCount * classCount)
  }

  /// Counts predictions against gold classes.
  ///
  /// - Throws: `MetricsError` where the two differ in length or a class is out of range.
  public init(gold: [Int], predicted: [Int], classCount: Int) throws(MetricsError) {
    self.init(classCount: classCount)
    try MetricsError.requireSameCount(
      gold.count, "gold labels", predicted.count, "predictions")
    for item in gold.indices {
      try Self.check(gold[item], classCount, "gold class", item)
      try Self.check(predicted[item], classCount, "predicted class", item)
      record(gold: gold[item], predicted: predicted[item])
    }
  }

  /// Takes a matrix that was counted elsewhere.
  ///
  /// - Parameter rows: One row per gold class, one count per predicted class.
  /// - Throws: `MetricsError` where the matrix is not square or a count is negative.
  public init(rows: [[Int]]) throws(MetricsError) {
    self.init(classCount: rows.count)
    for (gold, row) in rows.enumerated() {
      guard row.count == rows.count else {
        throw MetricsError(
          .lengthMismatch,
          "expected \(rows.count) counts, one per class, found \(row.count)", at: "row \(gold)")
      }
      for (predicted, count) in row.enumerated() {
        guard count >= 0 else {
          throw MetricsError(
            .valueOutOfRange, "expected a count of 0 or more, found \(count)",
            at: "row \(gold), column \(predicted)")
        }
        counts[gold * classCount + predicted] = count
      }
    }
  }

  private static func check(
    _ label: Int, _ classCount: Int, _ name: String, _ item: Int
  ) throws(MetricsError) {
    guard label < 0 || label >= classCount else { return }
    throw MetricsError(
      .classOutOfRange,
      "expected a \(name) in 0..<\(classCount), found \(label); "
        + "is the label set that of the model?",
      at: "item \(item)")
  }

  /// Counts one prediction.
  ///
  /// - Precondition: Both classes are in `0..<classCount`.
  @inline(__always)
  public mutating func record(gold: Int, predicted: Int) {
    counts[gold * classCount + predicted] += 1
  }

  /// How often `gold` was predicted as `predicted`.
  public subscript(gold gold: Int, predicted predicted: Int) -> Int {
    counts[gold * classCount + predicted]
  }

  /// The matrix as one row per gold class.
  public var rows: [[Int]] {
    (0..<classCount).map { Array(counts[$0 * classCount..<($0 + 1) * classCount]) }
  }

  /// How many predictions were counted.
  public var total: Int { counts.reduce(0, +) }

  /// Adds another matrix of the same classes, as when languages are pooled.
  ///
  /// - Precondition: Both have the same number of classes.
  public static func += (left: inout Confusion, right: Confusion) {
    precondition(
      left.classCount == right.classCount,
      "a matrix of \(right.classCount) classes cannot be added to one of \(left.classCount)")
    for cell in left.counts.indices { left.counts[cell] += right.counts[cell] }
  }

  /// Replaces the counts by those of items drawn with replacement: the bootstrap's inner loop.
  mutating func recount(cells: [Int], drawing count: Int, from generator: inout SeededGenerator) {
    counts.withUnsafeMutableBufferPointer { counts in
      counts.update(repeating: 0)
      for _ in 0..<count { counts[cells[generator.index(below: cells.count)]] += 1 }
    }
  }
}
