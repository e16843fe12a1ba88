// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The words of one side, numbered in the order in which they came, with the stem of each.
///
/// Words are compared in lower case. A stem is a word's beginning without its marks: inflection stands mostly at the end.
struct AlignmentVocabulary: Sendable, Equatable {
  private(set) var words: [String] = []
  private(set) var stems: [Int32] = []
  private(set) var stemNames: [String] = []
  /// Letters of a stem; 0 for a model without stems.
  let stemLength: Int

  private var numbers: [String: Int32] = [:]
  private var stemNumbers: [String: Int32] = [:]

  init(stemLength: Int) {
    self.stemLength = stemLength
  }

  /// A word's number; a new one for a new word.
  mutating func add(_ word: String) -> Int32 {
    let folded = word.lowercased()
    if let known = numbers[folded] { return known }
    let number = Int32(words.count)
    numbers[folded] = number
    words.append(folded)
    let stem = Self.stem(folded, stemLength)
    if let known = stemNumbers[stem] {
      stems.append(known)
    } else {
      stemNumbers[stem] = Int32(stemNames.count)
      stems.append(Int32(stemNames.count))
      stemNames.append(stem)
    }
    return number
  }

  /// The number of a word; of one that training did not have -2 - the number of its stem, and -1 where the stem is new too.
  func number(_ word: String) -> Int32 {
    let folded = word.lowercased()
    if let known = numbers[folded] { return known }
    guard stemLength > 0, let stem = stemNumbers[Self.stem(folded, stemLength)] else { return -1 }
    return -2 - stem
  }

  /// The stem of a word's number; nil where it is not known.
  static func stem(of number: Int32, _ stems: [Int32]) -> Int32? {
    number >= 0 ? stems[Int(number)] : number < -1 ? -2 - number : nil
  }

  private static func stem(_ word: String, _ length: Int) -> String {
    guard length > 0 else { return "" }
    var stem = String.UnicodeScalarView()
    var count = 0
    for scalar in word.decomposedStringWithCanonicalMapping.unicodeScalars {
      guard scalar.properties.generalCategory != .nonspacingMark else { continue }
      guard count < length else { break }
      stem.append(scalar)
      count += 1
    }
    // What is of marks alone is its own stem.
    return stem.isEmpty ? word : String(stem)
  }
}
