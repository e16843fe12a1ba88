// SPDX-License-Identifier: Apache-2.0

extension CharacterMap {
  /// Normalises as Hugging Face `tokenizers` does: cluster by cluster.
  ///
  /// A cluster shorter than six bytes is replaced as a whole by the right side of the *shortest*
  /// rule that it begins with (so `\r\n` becomes one space, and a mark behind a circled digit is
  /// lost); any other cluster scalar by scalar. XLM-R was released with these ids.
  func normalizeClusters(_ text: AlignedText) -> AlignedText {
    guard trie.units.count > 0 else { return text }
    var edits = ScalarEdits(capacity: text.isAligned ? text.count : 0)
    var result = AlignedText(isAligned: text.isAligned)
    result.origin = text.origin
    result.bytes.reserveCapacity(text.count + text.count / 4)
    text.bytes.withUnsafeBufferPointer { bytes in
      trie.units.withUnsafeBufferPointer { units in
        var index = 0
        var previous: UInt32?
        while index < bytes.count {
          let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
          let cluster = clusterLength(bytes, at: index, scalar, length)
          if cluster > length, cluster < 6,
            previous.map({ ClusterBreaks.breaks(between: $0, and: scalar) }) ?? true,
            let right = shortestMatch(units, bytes, index..<index + cluster)
          {
            emit(right, for: bytes[index..<index + cluster], &result, &edits)
            previous = lastScalar(bytes, before: index + cluster)
            index += cluster
            continue
          }
          if let right = shortestMatch(units, bytes, index..<index + length) {
            emit(right, for: bytes[index..<index + length], &result, &edits)
          } else {
            result.bytes.append(contentsOf: bytes[index..<index + length])
            if text.isAligned { edits.keep(length) }
          }
          previous = scalar
          index += length
        }
      }
    }
    if text.isAligned { edits.align(&result, to: text) }
    return result
  }

  private func emit(
    _ right: Range<Int>, for left: Slice<UnsafeBufferPointer<UInt8>>, _ result: inout AlignedText,
    _ edits: inout ScalarEdits
  ) {
    result.bytes.append(contentsOf: replacements[right])
    guard result.isAligned else { return }
    edits.replace(UTF8Scalar.count(left), by: replacements[right])
  }

  /// The length of the cluster at `index`, looked at only as far as six bytes.
  @inline(__always)
  private func clusterLength(
    _ bytes: UnsafeBufferPointer<UInt8>, at index: Int, _ scalar: UInt32, _ length: Int
  ) -> Int {
    var end = index + length
    var last = scalar
    while end < bytes.count, end - index < 6 {
      // Two neighbours below U+0300 never join, but for a carriage return and its line feed.
      if last < 0x300, bytes[end] < 0xCC, last != 0x0D { break }
      let (next, nextLength) = UTF8Scalar.decode(bytes, at: end)
      if ClusterBreaks.breaks(between: last, and: next) { break }
      end += nextLength
      last = next
    }
    return end - index
  }

  private func lastScalar(_ bytes: UnsafeBufferPointer<UInt8>, before end: Int) -> UInt32 {
    var index = end - 1
    while index > 0, bytes[index] & 0xC0 == 0x80 { index -= 1 }
    return UTF8Scalar.decode(bytes, at: index).0
  }
}
