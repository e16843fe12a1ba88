// SPDX-License-Identifier: Apache-2.0

/// The rows of a sentence that is cut into words, as many as it takes.
///
/// Neighbouring windows share some words, so that none stands at an edge alone; each word belongs to the window in which it is
/// farther from the edge, and to no other. A word whose pieces fill more than a window keeps those that fit.
struct WordWindows {
  struct Window: Equatable {
    var row: TokenRow
    /// The words that belong to it.
    var words: Range<Int>
    /// The first token of each of them.
    var places: [Int]
  }

  let windows: [Window]

  init(_ words: [String], _ rows: RowEncoder, stride: Int) throws(TaskError) {
    let (front, back) = rows.affixes
    let room = rows.maximumLength - front.count - back.count
    guard room > 0 else {
      throw TaskError(
        .examples,
        "expected room for words beside \(front.count + back.count) special tokens, "
          + "found a maximum length of \(rows.maximumLength); raise it")
    }
    let pieces = rows.pieces(of: words).map { $0.prefix(room) }
    let spans = Self.spans(pieces.map(\.count), room: room, stride: min(stride, room / 2))
    windows = spans.map { span, owned in
      var ids = front
      var places: [Int] = []
      for word in span {
        if owned.contains(word) { places.append(ids.count) }
        ids += pieces[word]
      }
      return Window(row: TokenRow(ids + back), words: owned, places: places)
    }
  }

  /// For each window, the words in it and those of them that belong to it.
  static func spans(
    _ lengths: [Int], room: Int, stride: Int
  ) -> [(words: Range<Int>, owned: Range<Int>)] {
    var spans: [Range<Int>] = []
    var start = 0
    while start < lengths.count {
      var (end, used) = (start, 0)
      while end < lengths.count, used + lengths[end] <= room {
        used += lengths[end]
        end += 1
      }
      spans.append(start..<end)
      guard end < lengths.count else { break }
      // Back by as many words as the stride has room for, as long as the next word still fits behind them.
      var (next, shared) = (end, 0)
      while next - 1 > start, shared + lengths[next - 1] <= stride,
        shared + lengths[next - 1] + lengths[end] <= room
      {
        next -= 1
        shared += lengths[next]
      }
      start = next
    }
    var first = 0
    return spans.indices.map { index in
      let end = spans[index].upperBound
      let middle =
        index + 1 < spans.count
        ? spans[index + 1].lowerBound + (end - spans[index + 1].lowerBound + 1) / 2 : end
      defer { first = middle }
      return (spans[index], first..<middle)
    }
  }
}
