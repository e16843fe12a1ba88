// SPDX-License-Identifier: Apache-2.0

/// Text on its way through normalisation, each byte tied to the range of the original that it came from.
///
/// Follows the bookkeeping of the reference library, so that offsets agree also where it is debatable.
struct NormalizedText {
  /// The text as it is now.
  private(set) var scalars: [Unicode.Scalar]
  /// For each scalar, the range of the original, in scalars.
  private(set) var origins: [Range<Int>]

  /// A piece of the original text, which starts at a scalar of it.
  init(_ scalars: ArraySlice<Unicode.Scalar>) {
    self.scalars = Array(scalars)
    origins = scalars.indices.map { $0..<($0 + 1) }
  }

  /// One scalar of a transformed text, and how the count changes with it: 0 replaces one scalar, 1 adds one,
  /// -n replaces one and drops the n that follow.
  struct Change {
    var scalar: Unicode.Scalar
    var delta: Int
  }

  /// The changes that put `new` in the place of `old` scalars; appended to those before them.
  static func replace(
    _ oldCount: Int, with new: some Collection<Unicode.Scalar>, into changes: inout [Change]
  ) {
    changes += new.map { Change(scalar: $0, delta: 0) }
    let difference = new.count - oldCount
    if difference > 0 {
      for index in (changes.count - difference)..<changes.count { changes[index].delta = 1 }
    } else if difference < 0, !changes.isEmpty {
      changes[changes.count - 1].delta = difference
    }
  }

  /// Applies changes, which must cover the whole text; `skipped` scalars at the start are dropped first.
  mutating func apply(_ changes: [Change], skipping skipped: Int = 0) {
    var newOrigins: [Range<Int>] = []
    newOrigins.reserveCapacity(changes.count)
    var place = skipped
    for change in changes {
      if change.delta > 0 {
        newOrigins.append(place > 0 ? origins[min(place, origins.count) - 1] : 0..<0)
      } else {
        newOrigins.append(place < origins.count ? origins[place] : origins.last ?? 0..<0)
        place += 1 - change.delta
      }
    }
    scalars = changes.map(\.scalar)
    origins = newOrigins
  }

  /// Puts the text together anew from parts that stay (nil) and parts that are replaced; what replaces a part
  /// is tied to the part's last scalar.
  mutating func rebuild(_ parts: [(range: Range<Int>, content: [Unicode.Scalar]?)]) {
    var (newScalars, newOrigins): ([Unicode.Scalar], [Range<Int>]) = ([], [])
    for (range, content) in parts {
      newScalars += content.map { $0[...] } ?? scalars[range]
      newOrigins +=
        content.map { $0.map { _ in origins[range.upperBound - 1] } } ?? Array(origins[range])
    }
    scalars = newScalars
    origins = newOrigins
  }

  /// A part of the text, which keeps its ties.
  func part(_ range: Range<Int>) -> NormalizedText {
    var result = self
    result.scalars = Array(scalars[range])
    result.origins = Array(origins[range])
    return result
  }

  /// Puts a scalar before the first; it is tied to the first one's origin.
  mutating func prepend(_ scalar: Unicode.Scalar) {
    guard let first = scalars.first else { return }
    var changes = [Change(scalar: scalar, delta: 0), Change(scalar: first, delta: 1)]
    changes += scalars.dropFirst().map { Change(scalar: $0, delta: 0) }
    apply(changes)
  }

  /// Replaces single scalars, one for one.
  mutating func replaceEach(_ old: Unicode.Scalar, with new: Unicode.Scalar) {
    for index in scalars.indices where scalars[index] == old { scalars[index] = new }
  }
}
