// SPDX-License-Identifier: Apache-2.0

/// The decimal digits of ids, each with a space behind it, ready to be copied.
final class DecimalIDs: Sendable {
  /// Up to seven characters from the lowest byte on, and their number in the highest.
  private let words: FixedArray<UInt64>
  private static let limit = 1_000_000

  /// Makes the table for the ids below `count`, as far as one word holds them.
  init(count: Int) {
    words = FixedArray(
      (0..<min(count, Self.limit)).map { id in
        let digits = Array("\(id) ".utf8)
        return digits.reversed().reduce(UInt64(digits.count) << 56) { word, digit in
          // Bits above those of the digits so far are free; the length stays where it is.
          (word & 0xFF << 56) | (word & ~(0xFF << 56)) << 8 | UInt64(digit)
        }
      })
  }

  /// Appends ids, each with a space behind it, but a line feed behind the last one of a line.
  func append(_ ids: Slice<UnsafeBufferPointer<Int32>>, endsLine: Bool, to output: ByteBuffer) {
    output.reserve(ids.count * 12 + 8)
    for id in ids {
      guard id >= 0, Int(id) < words.count else {
        for byte in "\(id) ".utf8 { output.append(byte) }
        continue
      }
      let word = words[Int(id)]
      output.appendWord(word, count: Int(word >> 56))
    }
    guard endsLine else { return }
    if !ids.isEmpty { output.removeLast(1) }
    output.append(UInt8(ascii: "\n"))
  }
}
