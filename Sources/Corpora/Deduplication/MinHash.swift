// SPDX-License-Identifier: Apache-2.0

/// Sketches of texts whose agreement estimates how alike the texts are.
///
/// MinHash (Broder 1997): the share of places in which two sketches agree is an estimate of the Jaccard
/// coefficient of the texts' shingles, with a standard deviation of at most 1/(2√n) for n places. One
/// permutation serves all places (Li, Owen and Zhang 2012): each shingle falls into one of n bins, whose
/// least value counts, and an empty bin takes that of a bin chosen by hashing (Shrivastava 2017). That costs
/// one hash for a shingle instead of n.
public struct MinHash: Sendable, Equatable {
  /// What texts are compared by.
  public let shingles: Shingles
  /// How many places a sketch has.
  public let count: Int
  /// What the hashes depend on.
  public let seed: UInt64

  /// Sketches of so many places.
  public init(_ shingles: Shingles = Shingles(), count: Int = 128, seed: UInt64 = 1) {
    precondition(count > 0 && count <= 1 << 16)
    self.shingles = shingles
    self.count = count
    self.seed = seed
  }

  /// The sketch of a text: 16 bits for each place, so that unlike texts agree in one of 65,536 by chance.
  ///
  /// It is empty where the text has no shingles.
  public func sketch(_ text: [UInt8]) -> [UInt16] {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { least in
      least.initialize(repeating: .max)
      var hasAny = false
      shingles.forEach(in: text, seed: seed) { hash in
        let (bin, rest) = UInt64(count).multipliedFullWidth(by: hash)
        let place = Int(bin)
        hasAny = true
        if rest < least[place] { least[place] = rest }
      }
      guard hasAny else { return [] }
      return (0..<count).map { place in
        var source = place
        var attempt: UInt64 = 1
        // An empty bin has the largest value; a text has at least one that is not.
        while least[source] == .max {
          source = Int(
            mix(UInt64(place) << 32 | attempt, seed).multipliedFullWidth(by: UInt64(count)).high)
          attempt += 1
        }
        return UInt16(truncatingIfNeeded: mix(least[source], UInt64(source)))
      }
    }
  }

  /// The sketch of a text.
  public func sketch(_ text: String) -> [UInt16] { sketch(Array(text.utf8)) }

  /// The estimate of the Jaccard coefficient; 0 where either is empty.
  public static func likeness(_ left: [UInt16], _ right: [UInt16]) -> Double {
    guard !left.isEmpty, left.count == right.count else { return 0 }
    var equal = 0
    for (one, other) in zip(left, right) where one == other { equal += 1 }
    return Double(equal) / Double(left.count)
  }
}
