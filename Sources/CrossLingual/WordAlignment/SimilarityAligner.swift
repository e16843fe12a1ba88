// SPDX-License-Identifier: Apache-2.0

/// Aligns the words of a pair by how alike their vectors are, without training (SimAlign; Jalili Sabet and others, 2020).
public struct SimilarityAligner: Sendable, Equatable {
  /// How links are chosen from similarities.
  public enum Method: String, Sendable, CaseIterable, Codable {
    /// Words that are each other's most alike.
    case argmax
    /// The same again among what is left: words of which one has a link are damped, those with links on both sides are done.
    case itermax
    /// The matching of most similarity in all, one partner for each word of the shorter side.
    case match
  }

  /// How links are chosen; itermax.
  public var method = Method.itermax
  /// Rounds of itermax; 2.
  public var rounds = 2
  /// What similarities of words with a link are multiplied by in later rounds of itermax; 0.9.
  public var damping: Float = 0.9

  /// An aligner by a method.
  public init(method: Method = .itermax) {
    self.method = method
  }

  /// Links of a pair.
  ///
  /// - Parameter similarities: `[source words × target words]`, row by row.
  public func align(_ similarities: [Float], targetCount: Int) -> WordAlignment {
    guard targetCount > 0, !similarities.isEmpty else { return WordAlignment([]) }
    let sourceCount = similarities.count / targetCount
    switch method {
    case .argmax: return WordAlignment(Self.mutual(similarities, sourceCount, targetCount))
    case .itermax: return iterate(similarities, sourceCount, targetCount)
    case .match: return Self.matching(similarities, sourceCount, targetCount)
    }
  }

  private static func mutual(
    _ values: [Float], _ rows: Int, _ columns: Int
  ) -> [WordAlignment.Link] {
    let best = (0..<columns).map { column in
      (0..<rows).reduce(0) {
        values[$1 * columns + column] > values[$0 * columns + column] ? $1 : $0
      }
    }
    return (0..<rows).compactMap { row in
      let choice = (0..<columns).reduce(0) {
        values[row * columns + $1] > values[row * columns + $0] ? $1 : $0
      }
      return best[choice] == row && values[row * columns + choice] > 0
        ? .init(row, choice) : nil
    }
  }

  private func iterate(_ values: [Float], _ rows: Int, _ columns: Int) -> WordAlignment {
    var links = Set(Self.mutual(values, rows, columns))
    for _ in 1..<max(1, rounds) {
      let sources = Set(links.map(\.source))
      let targets = Set(links.map(\.target))
      guard sources.count < rows || targets.count < columns else { break }
      var left = values
      for row in 0..<rows {
        for column in 0..<columns {
          switch (sources.contains(row), targets.contains(column)) {
          case (true, true): left[row * columns + column] = 0
          case (false, false): break
          default: left[row * columns + column] *= damping
          }
        }
      }
      let found = Set(Self.mutual(left, rows, columns)).subtracting(links)
      guard !found.isEmpty else { break }
      links.formUnion(found)
    }
    return WordAlignment(links)
  }

  /// The Hungarian method with potentials (Kuhn, 1955), O(n²m) for n words of the shorter side.
  private static func matching(_ values: [Float], _ rows: Int, _ columns: Int) -> WordAlignment {
    guard rows <= columns else {
      var turned = [Float](repeating: 0, count: values.count)
      for row in 0..<rows {
        for column in 0..<columns { turned[column * rows + row] = values[row * columns + column] }
      }
      return matching(turned, columns, rows).reversed
    }
    // Rows and columns count from 1; column 0 stands for a row that has none yet.
    var rowPotential = [Double](repeating: 0, count: rows + 1)
    var columnPotential = [Double](repeating: 0, count: columns + 1)
    var owner = [Int](repeating: 0, count: columns + 1)
    for row in 1...rows {
      owner[0] = row
      var column = 0
      var least = [Double](repeating: .infinity, count: columns + 1)
      var origin = [Int](repeating: 0, count: columns + 1)
      var isUsed = [Bool](repeating: false, count: columns + 1)
      repeat {
        isUsed[column] = true
        let current = owner[column]
        var (next, delta) = (0, Double.infinity)
        for other in 1...columns where !isUsed[other] {
          let cost = -Double(values[(current - 1) * columns + other - 1])
          let reduced = cost - rowPotential[current] - columnPotential[other]
          if reduced < least[other] { (least[other], origin[other]) = (reduced, column) }
          if least[other] < delta { (delta, next) = (least[other], other) }
        }
        for other in 0...columns {
          if isUsed[other] {
            rowPotential[owner[other]] += delta
            columnPotential[other] -= delta
          } else {
            least[other] -= delta
          }
        }
        column = next
      } while owner[column] != 0
      while column != 0 {
        owner[column] = owner[origin[column]]
        column = origin[column]
      }
    }
    return WordAlignment(
      (1...columns).compactMap { owner[$0] > 0 ? .init(owner[$0] - 1, $0 - 1) : nil })
  }
}
