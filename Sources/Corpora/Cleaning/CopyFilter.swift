// SPDX-License-Identifier: Apache-2.0

/// Takes out pairs whose texts are the same or nearly so, which is no translation.
///
/// Likeness is Dice's coefficient of the bigrams of folded letters and digits; names, figures and other
/// short texts are the same in many languages, and stay.
public struct CopyFilter: TextFilter {
  /// What it is called and what can be set.
  public static let specification = FilterSpecification(
    "copy", "pairs whose texts are the same or nearly so", comparesPairs: true,
    [
      .init("max-likeness", 0.9, "largest share of bigrams in common"),
      .init("min-letters", 15, "letters, as Latin's, from which a pair is judged"),
    ])

  private let likeness: Double
  private let letters: Double

  /// The filter with its parameters set.
  public init(_ values: FilterValues) {
    likeness = values["max-likeness"]
    letters = values["min-letters"]
  }

  /// Why the candidate is not fit; nil where it is.
  public func reason(_ candidate: FilterCandidate) -> String? {
    guard candidate.texts.count == 2 else { return nil }
    let (source, target) = (candidate.profiles[0], candidate.profiles[1])
    // A name is the same in both languages; a sentence of two words and a stop is not.
    let isSentence = source.words > 1 && Self.endsSentence(source.ending)
    if candidate.texts[0] == candidate.texts[1], source.weight >= letters || isSentence {
      return "the same text"
    }
    guard min(source.weight, target.weight) >= letters else { return nil }
    // Too different in length to be like each other.
    let shorter = Double(min(source.scalars, target.scalars))
    let longer = Double(max(source.scalars, target.scalars))
    guard 2 * shorter / (shorter + longer) > likeness * 0.8 else { return nil }
    let found = Self.likeness(candidate.texts[0], candidate.texts[1])
    return found > likeness ? "\(brief(100 * found)) % the same" : nil
  }

  private static func endsSentence(_ ending: UInt32) -> Bool {
    switch ending {
    case 0x21, 0x2e, 0x3f, 0x61f, 0x6d4, 0x964, 0x3002, 0xff01, 0xff1f: true
    default: false
    }
  }

  /// Dice's coefficient of the bigrams of two texts.
  static func likeness(_ left: [UInt8], _ right: [UInt8]) -> Double {
    let (left, right) = (bigrams(left), bigrams(right))
    guard left.count + right.count > 0 else { return 0 }
    var (i, j, common) = (0, 0, 0)
    while i < left.count, j < right.count {
      if left[i] == right[j] {
        (i, j, common) = (i + 1, j + 1, common + 1)
      } else if left[i] < right[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return 2 * Double(common) / Double(left.count + right.count)
  }

  /// The pairs of neighbouring letters and digits, sorted.
  private static func bigrams(_ text: [UInt8]) -> [UInt64] {
    var result: [UInt64] = []
    result.reserveCapacity(text.count)
    text.withUnsafeBufferPointer { text in
      var last: UInt32?
      var index = 0
      while index < text.count {
        let value = decodeScalar(text, at: &index)
        let traits = ScalarTraits[value]
        guard traits.isWord || traits.kind == .digit else { continue }
        let folded = CaseFolding[value] == CaseFolding.several ? value : CaseFolding[value]
        if let last { result.append(UInt64(last) << 32 | UInt64(folded)) }
        last = folded
      }
    }
    result.sort()
    return result
  }
}
