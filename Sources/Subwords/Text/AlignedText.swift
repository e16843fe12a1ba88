// SPDX-License-Identifier: Apache-2.0

/// Text on its way through the pipeline: UTF-8, and for each byte the range of the original text
/// (in UTF-8 bytes) that it came from.
///
/// Alignment is kept only where the caller wants offsets; ids alone are made without it.
struct AlignedText {
  var bytes: [UInt8] = []
  /// Where the scalar that each byte belongs to began in the original; empty without alignment.
  var starts: [Int32] = []
  /// Where it ended.
  var ends: [Int32] = []
  /// Where this stretch begins in the original.
  var origin: Int32 = 0
  let isAligned: Bool

  init(isAligned: Bool) { self.isAligned = isAligned }

  /// The stretch of an original text that starts at its byte `origin`.
  init(_ original: some Collection<UInt8>, origin: Int, isAligned: Bool) {
    self.isAligned = isAligned
    self.origin = Int32(origin)
    bytes = Array(original)
    guard isAligned else { return }
    starts.reserveCapacity(bytes.count)
    ends.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let length = min(UTF8Scalar.length(leading: bytes[index]), bytes.count - index)
      starts.append(contentsOf: repeatElement(Int32(origin + index), count: length))
      ends.append(contentsOf: repeatElement(Int32(origin + index + length), count: length))
      index += length
    }
  }

  var count: Int { bytes.count }

  /// The range of the original that a non-empty range of bytes came from.
  func original(_ range: Range<Int>) -> Range<Int32> {
    let start = starts[range.lowerBound]
    return start..<max(start, ends[range.upperBound - 1])
  }

  /// Appends bytes of `other` unchanged.
  mutating func append(_ other: AlignedText, _ range: Range<Int>) {
    bytes.append(contentsOf: other.bytes[range])
    guard isAligned else { return }
    starts.append(contentsOf: other.starts[range])
    ends.append(contentsOf: other.ends[range])
  }

  /// Appends `new`, all of it aligned with the byte `index` of `other`.
  mutating func append(_ new: some Collection<UInt8>, alignedWith index: Int, of other: AlignedText)
  {
    bytes.append(contentsOf: new)
    guard isAligned else { return }
    let aligned = other.bytes.indices.contains(index)
    let start = aligned ? other.starts[index] : other.origin
    let end = aligned ? other.ends[index] : other.origin
    starts.append(contentsOf: repeatElement(start, count: new.count))
    ends.append(contentsOf: repeatElement(end, count: new.count))
  }
}
