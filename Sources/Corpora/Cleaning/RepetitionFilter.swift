// SPDX-License-Identifier: Apache-2.0

/// Takes out text that says the same over and over: runs of one character or word, loops of phrases.
public struct RepetitionFilter: TextFilter {
  /// What it is called and what can be set.
  public static let specification = FilterSpecification(
    "repetition", "runs of one character or word, and phrases in loops",
    [
      .init("max-chars", 10, "longest run of a character that is no digit or space"),
      .init("max-words", 4, "longest run of a word"),
      .init("min-distinct", 0.3, "least share of distinct pieces of six scalars"),
      .init("min-length", 60, "scalars from which loops are looked for"),
    ])

  private static let pieceLength = 6

  private let characters: Int
  private let words: Int
  private let distinct: Double
  private let length: Int

  /// The filter with its parameters set.
  public init(_ values: FilterValues) {
    characters = Int(values["max-chars"])
    words = Int(values["max-words"])
    distinct = values["min-distinct"]
    length = Int(values["min-length"])
  }

  /// Why the candidate is not fit; nil where it is.
  public func reason(_ candidate: FilterCandidate) -> String? {
    candidate.firstReason { index in
      let profile = candidate.profiles[index]
      if profile.longestRun > characters { return "a character \(profile.longestRun) times" }
      return candidate.texts[index].withUnsafeBufferPointer { text in
        let run = Self.longestWordRun(text)
        if run > words { return "a word \(run) times" }
        guard profile.scalars >= length else { return nil }
        let share = Self.distinctShare(text, scalars: profile.scalars)
        return share < distinct ? "\(brief(100 * share)) % of it is new" : nil
      }
    }
  }

  /// How often a word that is between spaces follows itself.
  private static func longestWordRun(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var longest = 0
    var run = 0
    var last = 0..<0
    var start = 0
    for index in 0...text.count where index == text.count || text[index] == UInt8(ascii: " ") {
      let word = start..<index
      start = index + 1
      guard !word.isEmpty else { continue }
      run = word.count == last.count && text[word].elementsEqual(text[last]) ? run + 1 : 1
      longest = max(longest, run)
      last = word
    }
    return longest
  }

  /// The share of distinct pieces, by linear counting in a bitmap (Whang, Vander-Zanden and Taylor 1990).
  private static func distinctShare(
    _ text: UnsafeBufferPointer<UInt8>, scalars: Int
  ) -> Double {
    let pieces = scalars - pieceLength + 1
    guard pieces > 0 else { return 1 }
    var size = 256
    while size < min(pieces * 4, 1 << 20) { size *= 2 }
    // A window of six scalars, each mixed into 64 bits and turned out again.
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: size / 64) { bits in
      bits.initialize(repeating: 0)
      var window: (UInt64, UInt64) = (0, 0)
      var index = 0
      var seen = 0
      var set = 0
      var total = 0
      // Very long text is judged by its beginning.
      while index < text.count, total < size {
        let value = UInt64(decodeScalar(text, at: &index))
        window = (
          (window.0 << 21 | window.1 >> 42) & 0x7fff_ffff_ffff_ffff,
          (window.1 << 21 | value) & 0x7fff_ffff_ffff_ffff
        )
        seen += 1
        guard seen >= pieceLength else { continue }
        total += 1
        let place = Int(truncatingIfNeeded: mix(window.0, window.1) & UInt64(size - 1))
        if bits[place >> 6] >> UInt64(place & 63) & 1 == 0 {
          bits[place >> 6] |= 1 << UInt64(place & 63)
          set += 1
        }
      }
      let empty = Double(max(1, size - set)) / Double(size)
      return min(1, -Double(size) * logarithm(empty) / Double(max(1, total)))
    }
  }
}
