// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Unigram {
  /// Longer stretches are sampled so many bytes at a time, so that memory stays bounded.
  static let samplingWindow = 1 << 16

  /// Hands one of all segmentations of `bytes[range]` to `sink`, each as probable as `alpha` times its score says.
  ///
  /// From right to left each place gets the logarithm of the summed weights of all ways to go on from there; from left to
  /// right the pieces are drawn by them. This is forward filtering and backward sampling in a mirror, and exact. Words
  /// that no piece joins are independent and are drawn one by one. A stretch beyond ``samplingWindow`` is cut at
  /// a word's beginning, where there is one, and no piece is drawn across that place.
  func sample(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, alpha: Double,
    using generator: inout some RandomNumberGenerator, into sink: inout some TokenSink
  ) {
    var unknown = UnknownRun(self)
    var start = range.lowerBound
    while start < range.upperBound {
      var limit = Self.windowEnd(bytes, start..<range.upperBound, Self.samplingWindow)
      if separatesWords { limit = MarkedWords.end(bytes, start, limit) }
      let word = start..<limit
      withUnsafeTemporaryAllocation(of: Double.self, capacity: word.count + 1) { sums in
        fill(sums, bytes, word, alpha)
        var position = word.lowerBound
        while position < word.upperBound {
          let (id, length) = draw(sums, bytes, position, word, alpha, generator.unit())
          unknown.append(id, position..<position + length, bytes, self, into: &sink)
          position += length
        }
      }
      start = limit
    }
    unknown.flush(bytes, self, into: &sink)
  }

  /// The summed weights of all ways from each place to the end, as logarithms.
  private func fill(
    _ sums: UnsafeMutableBufferPointer<Double>, _ bytes: UnsafeBufferPointer<UInt8>,
    _ word: Range<Int>, _ alpha: Double
  ) {
    sums.initialize(repeating: 0)
    var position = word.upperBound - 1
    while position >= word.lowerBound {
      defer { position -= 1 }
      guard bytes[position] & 0xC0 != 0x80 else { continue }
      let place = position - word.lowerBound
      // Sums are kept relative to the greatest weight, so that none vanishes.
      var (greatest, sum) = (-Double.infinity, 0.0)
      _ = forEachPiece(bytes, position, word.upperBound) { _, length, score in
        let weight = alpha * score + sums[place + length]
        if weight <= greatest {
          sum += exp(weight - greatest)
        } else {
          sum = sum * exp(greatest - weight) + 1
          greatest = weight
        }
      }
      sums[place] = sum == 1 ? greatest : greatest + log(sum)
    }
  }

  private func draw(
    _ sums: UnsafeMutableBufferPointer<Double>, _ bytes: UnsafeBufferPointer<UInt8>,
    _ position: Int, _ word: Range<Int>, _ alpha: Double, _ number: Double
  ) -> (id: Int32, length: Int) {
    let place = position - word.lowerBound
    let whole = sums[place]
    var drawn: (id: Int32, length: Int)?
    var last: (id: Int32, length: Int) = (unknownID, 1)
    var rest = number
    _ = forEachPiece(bytes, position, word.upperBound) { id, length, score in
      guard drawn == nil else { return }
      last = (id, length)
      rest -= exp(alpha * score + sums[place + length] - whole)
      if rest < 0 { drawn = last }
    }
    // Rounding may leave a little of the number over.
    return drawn ?? last
  }

  /// Hands one of the `count` best segmentations of `bytes[range]` to `sink`.
  ///
  /// Stretches so long that all the partial ways would take tens of megabytes are drawn in parts.
  func sample(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, best count: Int, alpha: Double,
    using generator: inout some RandomNumberGenerator, into sink: inout some TokenSink
  ) {
    var unknown = UnknownRun(self)
    var start = range.lowerBound
    while start < range.upperBound {
      let limit = Self.windowEnd(bytes, start..<range.upperBound, (1 << 20) / count)
      let ways = bestSegments(
        UnsafeBufferPointer(rebasing: bytes[start..<limit]), count: count)
      let weights = ways.map { exp(alpha * ($0.score - ways[0].score)) }
      var rest = generator.unit() * weights.reduce(0, +)
      let drawn = weights.firstIndex { weight in
        rest -= weight
        return rest < 0
      }
      for segment in ways[drawn ?? ways.count - 1].segments {
        unknown.append(segment.id, start..<start + segment.length, bytes, self, into: &sink)
        start += segment.length
      }
    }
    unknown.flush(bytes, self, into: &sink)
  }

  /// Where a stretch of at most so many bytes ends: before the last mark of a space, else the last scalar, that fits.
  private static func windowEnd(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ size: Int
  ) -> Int {
    guard range.count > size else { return range.upperBound }
    var end = range.lowerBound + size
    while bytes[end] & 0xC0 == 0x80 { end -= 1 }
    var mark = end
    while mark > range.lowerBound {
      if SentencePieceNormalizer.isMark(bytes, mark, range.upperBound) { return mark }
      mark -= 1
    }
    return end
  }
}
