// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How far two languages are from each other in one respect, from 0 to 1.
///
/// As in URIEL (Littell and others, 2017) and URIEL+ (Khan and others, 2025): the angle between the languages' vectors of features that
/// are known of both, 2/π arccos(u·v / |u||v|). Two respects differ from theirs in what the vector is: families are those of Glottolog's
/// lines, and places are compared by the great circle between them, divided by half the globe's circumference.
public enum TypologicalDistance: String, Sendable, Hashable, CaseIterable, Codable {
  /// Word order, articles, agreement: features `S_`.
  case syntactic
  /// Kinds of sounds: features `P_`.
  case phonological
  /// The sounds there are: features `INV_`.
  case inventory
  /// All features together.
  case featural
  /// The families that both belong to.
  case genetic
  /// Where they are spoken.
  case geographic

  /// The fewest features that must be known of both languages.
  public static let minimumShared = 5

  /// The distance; nil where too little is known of both.
  public func between(_ first: LanguageTag, _ second: LanguageTag, in table: TypologyTable)
    -> Double?
  {
    guard let first = table.entry(of: first), let second = table.entry(of: second) else {
      return nil
    }
    switch self {
    case .syntactic: return Self.angle(first, second, table) { $0.hasPrefix("S_") }
    case .phonological: return Self.angle(first, second, table) { $0.hasPrefix("P_") }
    case .inventory: return Self.angle(first, second, table) { $0.hasPrefix("INV_") }
    case .featural: return Self.angle(first, second, table) { _ in true }
    case .genetic:
      guard !first.lineage.isEmpty, !second.lineage.isEmpty else { return nil }
      let shared = zip(first.lineage, second.lineage).prefix { $0 == $1 }.count
      let lengths = Double(first.lineage.count * second.lineage.count)
      return Self.angle(cosine: Double(shared) / lengths.squareRoot())
    case .geographic:
      guard let from = first.place, let to = second.place else { return nil }
      return Self.greatCircle(from, to)
    }
  }

  private static func angle(
    _ first: TypologyTable.Entry, _ second: TypologyTable.Entry, _ table: TypologyTable,
    _ isIncluded: (String) -> Bool
  ) -> Double? {
    var (known, both, ones, others) = (0, 0, 0, 0)
    for (index, name) in table.features.enumerated() where isIncluded(name) {
      guard let left = first.values[index], let right = second.values[index] else { continue }
      known += 1
      both += Int(left & right)
      ones += Int(left)
      others += Int(right)
    }
    guard known >= minimumShared, ones > 0, others > 0 else { return nil }
    return angle(cosine: Double(both) / Double(ones * others).squareRoot())
  }

  private static func angle(cosine: Double) -> Double { 2 * acos(min(1, max(-1, cosine))) / .pi }

  /// The haversine formula, over π: the antipode is 1.
  private static func greatCircle(
    _ from: TypologyTable.Place, _ to: TypologyTable.Place
  ) -> Double {
    let degree = Double.pi / 180
    let (north, east) = (to.latitude - from.latitude, to.longitude - from.longitude)
    let chord =
      pow(sin(north * degree / 2), 2)
      + cos(from.latitude * degree) * cos(to.latitude * degree) * pow(sin(east * degree / 2), 2)
    return 2 * asin(min(1, chord.squareRoot())) / .pi
  }
}
