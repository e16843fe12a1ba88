// SPDX-License-Identifier: Apache-2.0

/// What becomes of the matches at which a text is cut.
public enum SplitBehavior: String, Sendable, Equatable, CaseIterable {
  /// They are dropped.
  case removed = "Removed"
  /// Each is a stretch of its own.
  case isolated = "Isolated"
  /// They end the stretch before.
  case mergedWithPrevious = "MergedWithPrevious"
  /// They begin the next stretch.
  case mergedWithNext = "MergedWithNext"
  /// Neighbouring matches are one stretch.
  case contiguous = "Contiguous"

  /// A part of a text: a match or what lies between.
  struct Part {
    var range: Range<Int>
    var isMatch: Bool
  }

  /// The stretches that parts, which cover the text without gaps, come down to.
  func stretches(_ parts: [Part]) -> [Range<Int>] {
    switch self {
    case .removed: return parts.filter { !$0.isMatch }.map(\.range)
    case .isolated: return parts.map(\.range)
    case .contiguous: return Self.joined(parts) { previous, part in previous == part.isMatch }
    case .mergedWithPrevious:
      return Self.joined(parts) { previous, part in part.isMatch && !previous }
    case .mergedWithNext:
      let mirrored = parts.reversed().map {
        Part(range: -$0.range.upperBound..<(-$0.range.lowerBound), isMatch: $0.isMatch)
      }
      return Self.joined(mirrored) { previous, part in part.isMatch && !previous }
        .reversed().map { -$0.upperBound..<(-$0.lowerBound) }
    }
  }

  /// Joins a part to the stretch before it where `joins(whether the part before is a match, part)`.
  private static func joined(
    _ parts: [Part], _ joins: (Bool, Part) -> Bool
  ) -> [Range<Int>] {
    var result = [Range<Int>]()
    var previous = false
    for part in parts {
      if joins(previous, part), let last = result.last {
        result[result.count - 1] = last.lowerBound..<part.range.upperBound
      } else {
        result.append(part.range)
      }
      previous = part.isMatch
    }
    return result
  }
}

extension SplitBehavior {
  init(_ json: JSONCursor) throws(SubwordError) {
    let name = try json.string()
    // Older files write `merged_with_previous`; the same words without case and lines.
    let key = name.lowercased().filter { $0 != "_" }
    guard let found = Self.allCases.first(where: { $0.rawValue.lowercased() == key }) else {
      throw json.unsupported("behaviour", name, supported: Self.allCases.map(\.rawValue))
    }
    self = found
  }

  var json: JSONValue { .string(rawValue) }
}
