// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What can be said of two sets of vectors beyond how well words are translated.
public enum SpaceDiagnostics {
  /// How unevenly neighbours are spread: some vectors, hubs, are near to very many others.
  public struct Hubness: Sendable, Hashable, Codable {
    /// The skewness of how often each target is among the nearest; 0 where that is even.
    ///
    /// Source: Radovanović, Nanopoulos and Ivanović, "Hubs in space", 2010.
    public let skewness: Double
    /// How often the largest hub is among the nearest.
    public let largest: Int
    /// The share of targets that are among no one's nearest.
    public let neverFound: Double
  }

  /// How alike two spaces are in shape.
  public struct Isometry: Sendable, Hashable, Codable {
    /// The sum of squared differences of the logarithms of singular values; 0 for spaces of one shape.
    ///
    /// Source: Dubossarsky and others, "The secret is in the spectra", 2020.
    public let singularValueGap: Double
    /// The harmonic mean of both spaces' effective condition numbers (same source).
    public let effectiveCondition: Double
    /// The correlation, over pairs of dictionary entries, of their cosines in one language and in the other.
    ///
    /// It is 1 for spaces that differ by a rotation, NaN without a dictionary of three pairs. Source: Vulić and others, "Are all
    /// good word vector spaces isomorphic?", 2020.
    public let relationalSimilarity: Double
  }

  /// Counts how often each target is among the nearest of each source.
  public static func hubness(of neighbors: [[Neighbor]], targets count: Int) -> Hubness {
    var counts = [Int](repeating: 0, count: count)
    for list in neighbors { for neighbor in list { counts[neighbor.index] += 1 } }
    let mean = Double(counts.reduce(0, +)) / Double(max(count, 1))
    var (second, third) = (0.0, 0.0)
    for number in counts {
      let difference = Double(number) - mean
      second += difference * difference
      third += difference * difference * difference
    }
    second /= Double(max(count, 1))
    third /= Double(max(count, 1))
    return Hubness(
      skewness: second > 0 ? third / (second * second.squareRoot()) : 0,
      largest: counts.max() ?? 0,
      neverFound: Double(counts.filter { $0 == 0 }.count) / Double(max(count, 1)))
  }

  /// Compares the shapes of two spaces, of vectors divided by their lengths.
  ///
  /// - Parameters:
  ///   - limit: So many rows of each, from the start.
  ///   - pairs: A dictionary's rows; the first 1,000 are compared with each other.
  public static func isometry(
    _ x: VectorMatrix, _ z: VectorMatrix, limit: Int = 10_000,
    pairs: [(source: Int, target: Int)] = [], engine: any MatrixEngine = PlainMatrixEngine()
  ) throws -> Isometry {
    let unit = FittedNormalization(parts: [.unit])
    func spectrum(_ rows: VectorMatrix) throws -> [Double] {
      let rows = unit.apply(to: rows.prefix(limit))
      let parts = try engine.singularValues(
        of: engine.crossProduct(
          rows.elements, leftWidth: rows.columns, rows.elements, rightWidth: rows.columns))
      return parts.s.map { max($0, 0).squareRoot() }
    }
    let (left, right) = (try spectrum(x), try spectrum(z))
    var gap = 0.0
    for (a, b) in zip(left, right) where a > 0 && b > 0 {
      let difference = log(a) - log(b)
      gap += difference * difference
    }
    let conditions = (effectiveCondition(left), effectiveCondition(right))
    let few = Array(pairs.prefix(1000))
    var (cosines, others): ([Double], [Double]) = ([], [])
    for (place, first) in few.enumerated() {
      for second in few[..<place] {
        cosines.append(cosine(x, first.source, second.source))
        others.append(cosine(z, first.target, second.target))
      }
    }
    return Isometry(
      singularValueGap: gap,
      effectiveCondition: 2 * conditions.0 * conditions.1 / (conditions.0 + conditions.1),
      relationalSimilarity: correlation(cosines, others))
  }

  /// The mean share of a word's nearest dictionary words whose translations are nearest to its own translation, within each language.
  ///
  /// It needs no map; by chance it is about `neighbors / pairs`.
  public static func neighborhoodOverlap(
    _ x: VectorMatrix, _ z: VectorMatrix, pairs: [(source: Int, target: Int)], neighbors: Int = 10,
    engine: any MatrixEngine = PlainMatrixEngine(), threads: Int = 1
  ) throws -> Double {
    guard pairs.count > 1 else { return .nan }
    let limit = min(neighbors + 1, pairs.count)
    func lists(_ rows: VectorMatrix, _ indices: [Int]) throws -> [Set<Int>] {
      let part = rows.rows(at: indices)
      let found = try TranslationSearch(
        from: part, to: part, by: .nearest, engine: engine, threads: threads
      ).neighbors(limit: limit)
      return found.enumerated().map { row, list in
        Set(list.map(\.index).filter { $0 != row }.prefix(limit - 1))
      }
    }
    let (left, right) = (try lists(x, pairs.map(\.source)), try lists(z, pairs.map(\.target)))
    let shared = zip(left, right).reduce(0) { $0 + $1.0.intersection($1.1).count }
    return Double(shared) / Double(pairs.count * (limit - 1))
  }

  /// The share of words that are translated alike directly and by way of a third language.
  public static func agreement(
    from x: VectorMatrix, through hub: VectorMatrix, to z: VectorMatrix,
    engine: any MatrixEngine = PlainMatrixEngine(), threads: Int = 1
  ) throws -> Double {
    func best(_ from: VectorMatrix, _ to: VectorMatrix) throws -> [Int] {
      try TranslationSearch(from: from, to: to, by: .csls(), engine: engine, threads: threads)
        .neighbors(limit: 1).map { $0.first?.index ?? 0 }
    }
    let (direct, first, second) = (try best(x, z), try best(x, hub), try best(hub, z))
    let alike = direct.indices.filter { direct[$0] == second[first[$0]] }.count
    return Double(alike) / Double(max(direct.count, 1))
  }

  /// The largest singular value over the one at the effective rank: the entropy of the values' shares, to the power of e.
  private static func effectiveCondition(_ values: [Double]) -> Double {
    let total = values.reduce(0, +)
    guard total > 0, let first = values.first else { return .nan }
    let entropy = values.reduce(0.0) {
      let share = $1 / total
      return share > 0 ? $0 - share * log(share) : $0
    }
    let rank = min(values.count, max(1, Int(exp(entropy).rounded(.down))))
    return first / values[rank - 1]
  }

  private static func cosine(_ rows: VectorMatrix, _ first: Int, _ second: Int) -> Double {
    var product = 0.0
    for (a, b) in zip(rows[first], rows[second]) { product += Double(a) * Double(b) }
    return product * Double(rows.scale(toUnit: first)) * Double(rows.scale(toUnit: second))
  }

  private static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    guard x.count > 2 else { return .nan }
    let (meanX, meanY) = (
      x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count)
    )
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for (a, b) in zip(x, y) {
      xy += (a - meanX) * (b - meanY)
      xx += (a - meanX) * (a - meanX)
      yy += (b - meanY) * (b - meanY)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : .nan
  }
}
