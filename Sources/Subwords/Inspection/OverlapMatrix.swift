// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// What languages share of a vocabulary, for each two of them.
///
/// Cost: for each two languages, the number of different pieces that one of them uses.
public struct OverlapMatrix: Sendable, Equatable, Codable {
  /// How two languages are compared.
  public enum Measure: String, Sendable, CaseIterable, Codable {
    /// Pieces that both use, divided by pieces that either uses.
    case jaccard
    /// One minus the Jensen-Shannon divergence, in bits, of how often each piece is used: 1 the same, 0 nothing shared.
    case distribution
    /// The cosine of how often each piece is used; a few pieces, such as the comma, weigh most.
    case cosine
  }

  /// The languages, by script and then by code.
  public var languages: [String]
  /// The script of each.
  public var scripts: [String]
  /// For each two languages, in the order of `languages`; rounded to four decimals.
  public var jaccard: [[Double]]
  /// For each two languages, one minus the divergence.
  public var distribution: [[Double]]
  /// For each two languages, the cosine.
  public var cosine: [[Double]]

  /// The values of a measure.
  public subscript(measure: Measure) -> [[Double]] {
    switch measure {
    case .jaccard: jaccard
    case .distribution: distribution
    case .cosine: cosine
    }
  }

  /// The languages that share most with another, the closest first.
  public func nearest(to language: String, count: Int, by measure: Measure = .distribution) -> [(
    language: String, value: Double
  )] {
    guard let row = languages.firstIndex(of: language) else { return [] }
    let values = self[measure][row]
    return languages.indices.filter { $0 != row }
      .sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
      .prefix(count).map { (languages[$0], values[$0]) }
  }

  init(_ codes: [String], scripts: [String], _ uses: [PieceCounts], _ vocabulary: Int) {
    let order = codes.indices.sorted {
      scripts[$0] != scripts[$1]
        ? scripts[$0].utf8.lexicographicallyPrecedes(scripts[$1].utf8) : $0 < $1
    }
    let sorted = order.map { uses[$0] }
    let rows = Mutex([[Shared]](repeating: [], count: sorted.count))
    DispatchQueue.concurrentPerform(iterations: sorted.count) { row in
      let shared = Self.row(row, sorted, vocabulary)
      rows.withLock { $0[row] = shared }
    }
    let upper = rows.withLock { $0 }
    // Each row holds what lies right of the diagonal.
    func matrix(_ value: (Shared) -> Double) -> [[Double]] {
      sorted.indices.map { row in
        sorted.indices.map { column in
          guard row != column else { return 1 }
          let shared = upper[min(row, column)][abs(row - column) - 1]
          return (value(shared) * 10_000).rounded() / 10_000
        }
      }
    }
    languages = order.map { codes[$0] }
    self.scripts = order.map { scripts[$0] }
    jaccard = matrix(\.jaccard)
    distribution = matrix(\.distribution)
    cosine = matrix(\.cosine)
  }

  private struct Shared: Sendable {
    var jaccard: Double
    var distribution: Double
    var cosine: Double
  }

  private static func row(_ row: Int, _ uses: [PieceCounts], _ vocabulary: Int) -> [Shared] {
    let first = uses[row]
    var dense = [Double](repeating: 0, count: vocabulary)
    for (id, count) in zip(first.ids, first.counts) where dense.indices.contains(Int(id)) {
      dense[Int(id)] = Double(count) / Double(max(1, first.total))
    }
    let length = first.ids.reduce(0.0) { $0 + dense[Int($1)] * dense[Int($1)] }
    return uses[(row + 1)...].map { second in
      var common = 0
      var (left, right, gain, product, square) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for (id, count) in zip(second.ids, second.counts) {
        let q = Double(count) / Double(max(1, second.total))
        square += q * q
        let p = dense[Int(id)]
        guard p > 0 else { continue }
        common += 1
        left += p
        right += q
        product += p * q
        gain += p * log2(2 * p / (p + q)) + q * log2(2 * q / (p + q))
      }
      // What only one of the two uses diverges by one bit for each unit of its probability.
      let divergence = (1 - left + 1 - right + gain) / 2
      let either = first.ids.count + second.ids.count - common
      return Shared(
        jaccard: either > 0 ? Double(common) / Double(either) : 0,
        distribution: min(1, max(0, 1 - divergence)),
        cosine: length > 0 && square > 0 ? min(1, product / (length * square).squareRoot()) : 0)
    }
  }
}
