// SPDX-License-Identifier: Apache-2.0

/// The pieces that some text uses, numbered anew without gaps, so that a table of them is small.
public struct PieceSubset: Sendable {
  /// The old id of each new one, rising.
  public let ids: [Int32]
  private let places: [Int32: Int32]

  /// The pieces that occur in `rows`.
  public init(in rows: [[Int32]]) {
    ids = Set(rows.joined()).sorted()
    places = Dictionary(uniqueKeysWithValues: zip(ids, Int32(0)...))
  }

  /// The new id of an old one; nil for a piece outside the subset.
  public subscript(id: Int32) -> Int32? { places[id] }

  /// Rows in new ids; pieces outside the subset are a programmer's mistake.
  public func renumbered(_ rows: [[Int32]]) -> [[Int32]] {
    rows.map { row in
      row.map { id in
        guard let place = places[id] else {
          preconditionFailure("piece \(id) is not in the subset")
        }
        return place
      }
    }
  }
}
