// SPDX-License-Identifier: Apache-2.0

/// Normalised text cut into words, all in one flat buffer.
struct PreTokenizedText {
  /// A stretch of the buffer that the model sees by itself, or a token found in the text.
  struct Split {
    var range: Range<Int>
    /// Where the stretch begins in the original text.
    var origin: Int32
    /// The id of the added token that stands here, or -1.
    var token: Int32 = -1
  }

  var text: AlignedText
  var splits: [Split] = []

  init(isAligned: Bool) { text = AlignedText(isAligned: isAligned) }

  /// Appends a stretch that is still to be cut.
  mutating func append(_ stretch: AlignedText, token: Int32 = -1) {
    guard stretch.count > 0 else { return }
    let start = text.count
    text.append(stretch, 0..<stretch.count)
    splits.append(Split(range: start..<text.count, origin: stretch.origin, token: token))
  }

  /// A stretch by itself.
  func stretch(_ split: Split) -> AlignedText {
    var result = AlignedText(isAligned: text.isAligned)
    result.origin = split.origin
    result.append(text, split.range)
    return result
  }

  /// Where the sub-range of a stretch begins in the original.
  func origin(of range: Range<Int>, in split: Split) -> Int32 {
    if range.lowerBound == split.range.lowerBound { return split.origin }
    return text.isAligned && !range.isEmpty ? text.starts[range.lowerBound] : 1
  }
}
