// SPDX-License-Identifier: Apache-2.0

/// Where each query's own document came in the ranking of all documents: row n belongs to row n.
public struct RetrievalRanks: Sendable {
  /// The place of each query's document, from 1; of equal scores the earlier document comes first.
  public let ranks: [Int]

  /// Ranks that are known.
  public init(_ ranks: [Int]) { self.ranks = ranks }

  /// Searches every query's own document.
  ///
  /// - Throws: `WordVectorError.Code.data` where queries and documents differ in number.
  public init(_ search: TranslationSearch) throws {
    guard search.source.rows == search.target.rows, search.source.rows > 0 else {
      throw WordVectorError(
        .data, "queries and documents do not belong together line by line",
        expected: "as many documents as queries, and at least one",
        found: "\(search.source.rows) queries and \(search.target.rows) documents")
    }
    ranks = try search.ranks(of: (0..<search.source.rows).map { ($0, $0) })
  }

  /// For each query whether its document is among the first few.
  public func hits(at limit: Int) -> [Bool] { ranks.map { $0 <= limit } }
  /// One divided by each rank.
  public var reciprocalRanks: [Double] { ranks.map { 1 / Double($0) } }
  /// MRR.
  public var meanReciprocalRank: Double {
    reciprocalRanks.reduce(0, +) / Double(max(ranks.count, 1))
  }
  /// P@k, the share of queries whose document is among the first k.
  public func precision(at limit: Int) -> Double {
    Double(ranks.filter { $0 <= limit }.count) / Double(max(ranks.count, 1))
  }
}
