// SPDX-License-Identifier: Apache-2.0

/// The rows and labels of each line of a text, kept where they fit, else found when they are asked for.
final class ExampleRows {
  /// One line; what it points to is there until the next is asked for.
  struct Example {
    var rows: UnsafeMutableBufferPointer<Int32>
    var labels: UnsafeMutableBufferPointer<Int32>
    var tokenCount: Int
  }

  private let lines: LineStore
  private let extractor: FeatureExtractor
  private let scratch = LineFeatures()
  /// Rows and labels of all lines end to end; empty where they are too many.
  private let kept = GrowingBuffer<Int32>()
  /// For each line where its rows begin, how many labels stand before them, and its tokens.
  private var places: [(start: Int, labels: Int32, tokens: Int32)] = []

  init(_ lines: LineStore, _ extractor: FeatureExtractor, cacheLimit: Int) {
    self.lines = lines
    self.extractor = extractor
    places.reserveCapacity(lines.count + 1)
    for index in 0..<lines.count {
      extractor.extract(lines.line(index), scratch)
      let size = scratch.labels.count + scratch.rows.count
      guard kept.count + size <= cacheLimit else {
        kept.free()
        places = []
        return
      }
      places.append(
        (kept.count, Int32(scratch.labels.count), Int32(clamping: scratch.tokenCount)))
      kept.append(contentsOf: UnsafeBufferPointer(scratch.labels.elements))
      kept.append(contentsOf: UnsafeBufferPointer(scratch.rows.elements))
    }
    places.append((kept.count, 0, 0))
  }

  var count: Int { lines.count }

  subscript(index: Int) -> Example {
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
