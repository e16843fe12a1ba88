// SPDX-License-Identifier: Apache-2.0

/// A regular expression as a tree.
indirect enum PatternNode: Sendable {
  /// How many repetitions are tried first, and whether they are given back.
  enum Greed: Sendable {
    case greedy, lazy, possessive
  }

  /// A place between scalars.
  enum Place: Sendable {
    case lineStart, lineEnd, textStart, textEnd, textEndOrLastNewline, searchStart
    case wordBoundary, noWordBoundary
  }

  case empty
  case set(ScalarSet)
  case sequence([PatternNode])
  case alternatives([PatternNode])
  case repeated(PatternNode, least: Int, most: Int?, Greed)
  case ahead(PatternNode, isNegative: Bool)
  case behind(PatternNode, isNegative: Bool)
  case atomic(PatternNode)
  case place(Place)

  /// Whether it can match without consuming anything.
  var isNullable: Bool {
    switch self {
    case .empty, .ahead, .behind, .place: true
    case .set: false
    case .sequence(let parts): parts.allSatisfy(\.isNullable)
    case .alternatives(let parts): parts.contains(where: \.isNullable)
    case .repeated(let body, let least, _, _): least == 0 || body.isNullable
    case .atomic(let body): body.isNullable
    }
  }

  /// The scalars that a match, if it is not empty, can begin with.
  var firsts: ScalarSet {
    switch self {
    case .empty, .ahead, .behind, .place: return ScalarSet()
    case .set(let set): return set
    case .sequence(let parts):
      var result = ScalarSet()
      for part in parts {
        result = result.union(part.firsts)
        if !part.isNullable { break }
      }
      return result
    case .alternatives(let parts): return parts.reduce(ScalarSet()) { $0.union($1.firsts) }
    case .repeated(let body, _, _, _): return body.firsts
    case .atomic(let body): return body.firsts
    }
  }

  /// The number of scalars of every match; nil if matches differ.
  var width: Int? {
    switch self {
    case .empty, .ahead, .behind, .place: return 0
    case .set: return 1
    case .sequence(let parts):
      var sum = 0
      for part in parts {
        guard let width = part.width else { return nil }
        sum += width
      }
      return sum
    case .alternatives(let parts):
      guard let first = parts.first?.width else { return nil }
      return parts.allSatisfy { $0.width == first } ? first : nil
    case .repeated(let body, let least, let most, _):
      guard least == most, let width = body.width else { return nil }
      let (product, overflow) = width.multipliedReportingOverflow(by: least)
      return overflow ? nil : product
    case .atomic(let body): return body.width
    }
  }
}
