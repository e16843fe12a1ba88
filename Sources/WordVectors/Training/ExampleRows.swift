// SPDX-License-Identifier: Apache-2.0

/// The rows and labels of each line of a text, kept where they fit, else found when they are asked for.
///
/// Nothing in it changes once it is made, so that any number of threads may ask, each with a scratch of its own.
final class ExampleRows: @unchecked Sendable {
  /// One line; what it points to is there until the next is asked for with the same scratch.
  struct Example {
    var rows: UnsafeMutableBufferPointer<Int32>
    var labels: UnsafeMutableBufferPointer<Int32>
    var tokenCount: Int
  }

  /// Words and labels of all lines, `</s>` with them.
  private(set) var tokenCount = 0
  private let lines: LineStore
  private let extractor: FeatureExtractor
  /// Rows and labels of all lines end to end; empty where they are too many.
  private let kept = GrowingBuffer<Int32>()
  /// For each line where its rows begin, how many labels stand before them, and its tokens.
  private var places: [(start: Int, labels: Int32, tokens: Int32)] = []

  init(_ lines: LineStore, _ extractor: FeatureExtractor, cacheLimit: Int) {
    self.lines = lines
    self.extractor = extractor
    let scratch = LineFeatures()
    var isKept = true
    places.reserveCapacity(lines.count + 1)
    for index in 0..<lines.count {
      extractor.extract(lines.line(index), scratch)
      tokenCount += scratch.tokenCount
      let size = scratch.labels.count + scratch.rows.count
      if isKept, kept.count + size > cacheLimit {
        isKept = false
        kept.free()
        places = []
      }
      guard isKept else { continue }
      places.append(
        (kept.count, Int32(scratch.labels.count), Int32(clamping: scratch.tokenCount)))
      kept.append(contentsOf: UnsafeBufferPointer(scratch.labels.elements))
      kept.append(contentsOf: UnsafeBufferPointer(scratch.rows.elements))
    }
    if isKept { places.append((kept.count, 0, 0)) }
  }

  var count: Int { lines.count }

  func example(_ index: Int, _ scratch: LineFeatures) -> Example {
    guard !places.isEmpty else {
      extractor.extract(lines.line(index), scratch)
      return Example(
        rows: scratch.rows.elements, labels: scratch.labels.elements,
        tokenCount: scratch.tokenCount)
    }
    let place = places[index]
    let middle = place.start + Int(place.labels)
    return Example(
      rows: UnsafeMutableBufferPointer(rebasing: kept.elements[middle..<places[index + 1].start]),
      labels: UnsafeMutableBufferPointer(rebasing: kept.elements[place.start..<middle]),
      tokenCount: Int(place.tokens))
  }
}
