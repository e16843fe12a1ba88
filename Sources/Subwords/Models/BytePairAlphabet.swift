// SPDX-License-Identifier: Apache-2.0

/// The symbol that each scalar begins as, by its place in the word.
struct BytePairAlphabet: Sendable {
  /// The symbol of a scalar that no piece knows.
  static let unknown: Int32 = -1

  /// Scalars of the basic plane by their number, one table for each place; the tables are one and the
  /// same where no prefix or suffix tells the places apart.
  private let basic: [FixedArray<Int32>]
  private let others: [[UInt32: Int32]]

  /// One place: whether the scalar begins the word and whether it ends it.
  @inline(__always)
  static func place(isFirst: Bool, isLast: Bool) -> Int { (isFirst ? 0 : 1) | (isLast ? 2 : 0) }

  /// Makes the alphabet from the symbols of each place, four lists or one for all.
  init(_ places: [[(scalar: UInt32, symbol: Int32)]]) {
    var basic = [FixedArray<Int32>]()
    var others = [[UInt32: Int32]]()
    for entries in places {
      var table = [Int32](repeating: Self.unknown, count: 0x10000)
      var rest = [UInt32: Int32]()
      for (scalar, symbol) in entries {
        if scalar < 0x10000 { table[Int(scalar)] = symbol } else { rest[scalar] = symbol }
      }
      basic.append(FixedArray(table))
      others.append(rest)
    }
    self.basic = basic
    self.others = others
  }

  @inline(__always)
  var hasPlaces: Bool { basic.count > 1 }

  @inline(__always)
  func symbol(_ scalar: UInt32, place: Int) -> Int32 {
    let table = hasPlaces ? place : 0
    return scalar < 0x10000
      ? basic[table][Int(scalar)] : others[table][scalar] ?? Self.unknown
  }
}
