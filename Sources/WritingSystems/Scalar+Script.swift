// SPDX-License-Identifier: Apache-2.0

extension Unicode.Scalar {
  /// The script that the Unicode Character Database gives this scalar (UAX #24, `Script`).
  public var script: Script {
    let raw =
      switch value >> 16 {
      case 0: ScriptTable.basic[value]
      case 1: ScriptTable.supplementary[value]
      case 2: ScriptTable.ideographic[value]
      case 3: ScriptTable.tertiary[value]
      case 14: ScriptTable.special[value]
      default: Script.unknown.rawValue
      }
    return Script(rawValue: raw)
  }
}

extension StringProtocol {
  /// How many scalars of each specific script there are, the commonest first, ties by code.
  public var scriptCounts: [(script: Script, count: Int)] {
    var counts = [Int](repeating: 0, count: Script.codes.count)
    for scalar in unicodeScalars { counts[Int(scalar.script.rawValue)] += 1 }
    return Script.all.filter { $0.isSpecific && counts[Int($0.rawValue)] > 0 }
      .map { ($0, counts[Int($0.rawValue)]) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : $0.script < $1.script }
  }

  /// The specific script of most scalars; nil for text that has none, as digits and signs.
  public var dominantScript: Script? { scriptCounts.first?.script }
}
