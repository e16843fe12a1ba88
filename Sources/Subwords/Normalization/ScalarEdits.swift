// SPDX-License-Identifier: Apache-2.0

/// What became of each scalar of a text: kept, replaced, inserted or followed by removed ones.
///
/// For each scalar of the result one change, as Hugging Face `tokenizers` counts them: 0 takes
/// the place of the next scalar of the source, +1 is put in behind the one before, and -n takes
/// the place of the next and swallows n more.
struct ScalarEdits {
  private var changes: [(length: Int, change: Int)] = []

  init(capacity: Int) { changes.reserveCapacity(capacity) }

  /// One scalar of `length` bytes stays.
  mutating func keep(_ length: Int) { changes.append((length, 0)) }

  /// One scalar of `length` bytes with its change.
  mutating func change(_ length: Int, _ change: Int) { changes.append((length, change)) }

  /// `count` scalars of the source become those of `bytes`.
  mutating func replace(_ count: Int, by bytes: some Sequence<UInt8>) {
    var added = 0
    for byte in bytes where byte & 0xC0 != 0x80 {
      added += 1
      changes.append((UTF8Scalar.length(leading: byte), added > count ? 1 : 0))
    }
    guard added < count, !changes.isEmpty else { return }
    // A deletion is noted with the scalar before it, whichever edit brought that in; at the very
    // start there is none, and the reference forgets it. Offsets have to agree with the reference.
    changes[changes.count - 1].change -= count - added
  }

  /// Fills the alignment of `result`, whose bytes these edits made of `source`.
  func align(_ result: inout AlignedText, to source: AlignedText) {
    result.starts.reserveCapacity(result.count)
    result.ends.reserveCapacity(result.count)
    var position = 0
    for (length, change) in changes {
      let index = change > 0 ? position - 1 : position
      let isInside = source.starts.indices.contains(index)
      let start = isInside ? source.starts[index] : source.origin
      let end = isInside ? source.ends[index] : source.origin
      for _ in 0..<length {
        result.starts.append(start)
        result.ends.append(end)
      }
      guard change <= 0 else { continue }
      for _ in 0...(-change) where position < source.count {
        position += UTF8Scalar.length(leading: source.bytes[position])
      }
    }
  }
}
