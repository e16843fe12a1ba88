// SPDX-License-Identifier: Apache-2.0

/// What texts are compared by: overlapping runs of scalars or of words (Broder 1997).
///
/// Case, punctuation and white space do not count: letters, marks and digits are taken, folded, and a single
/// space where anything else stood.
public struct Shingles: Sendable, Equatable {
  /// What a run is made of.
  public enum Unit: String, Sendable, CaseIterable {
    /// Unicode scalars, which suits all scripts.
    case characters = "chars"
    /// Words between spaces and punctuation, for scripts that have spaces.
    case words
  }

  /// What a run is made of; scalars.
  public let unit: Unit
  /// How many of it; 5 scalars or 3 words.
  public let length: Int

  /// Runs of so many units.
  public init(_ unit: Unit = .characters, length: Int? = nil) {
    self.unit = unit
    self.length = max(1, length ?? (unit == .words ? 3 : 5))
  }

  /// Calls `body` with a hash of each run; a text shorter than a run is one run, an empty one none.
  @inline(__always)
  func forEach(in text: [UInt8], seed: UInt64, _ body: (UInt64) -> Void) {
    // A polynomial over the last `length` units, rolled on (Karp and Rabin 1987), then mixed.
    let base: UInt64 = 0x9e37_79b9_7f4a_7c15
    var top: UInt64 = 1
    for _ in 1..<max(2, length) where length > 1 { top = top &* base }
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: length) { ring in
      ring.initialize(repeating: 0)
      var hash: UInt64 = 0
      var count = 0
      var slot = 0
      func add(_ unit: UInt64) {
        let unit = unit &+ 1
        if count >= length { hash = hash &- ring[slot] &* top }
        hash = hash &* base &+ unit
        ring[slot] = unit
        slot = slot + 1 == length ? 0 : slot + 1
        count += 1
        if count >= length { body(mix(hash, seed)) }
      }
      switch unit {
      case .characters: Self.forEachScalar(in: text) { add(UInt64($0)) }
      case .words:
        var word: UInt64 = 0
        Self.forEachScalar(in: text) { value in
          if value == 0x20 {
            add(word)
            word = 0
          } else {
            word = mix(word, UInt64(value))
          }
        }
        if word != 0 { add(word) }
      }
      if count > 0, count < length { body(mix(hash, seed)) }
    }
  }

  /// The scalars that count, folded, with one space for whatever is between them.
  @inline(__always)
  private static func forEachScalar(in text: [UInt8], _ body: (UInt32) -> Void) {
    let (allTraits, foldings) = (ScalarTraits.table, CaseFolding.table)
    text.withUnsafeBufferPointer { text in
      var index = 0
      var isPending = false
      var hasAny = false
      while index < text.count {
        let value = decodeScalar(text, at: &index)
        let traits = ScalarTraits.lookup(value, in: allTraits)
        switch traits.kind {
        case .letter, .mark, .digit, .number:
          if isPending, hasAny { body(0x20) }
          isPending = false
          hasAny = true
          let folded = CaseFolding.lookup(value, in: foldings)
          body(folded == CaseFolding.several ? value : folded)
        case .format: break
        default: isPending = true
        }
      }
      // Signs alone are compared as they are.
      guard !hasAny else { return }
      index = 0
      while index < text.count {
        let value = decodeScalar(text, at: &index)
        if ScalarTraits[value].kind != .space { body(value) }
      }
    }
  }
}
