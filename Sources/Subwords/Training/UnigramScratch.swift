// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One thread's memory for walks over lattices.
struct UnigramScratch {
  private var forward: [Double] = []
  private var backward: [Double] = []
  /// Where the edges of each scalar begin.
  private var places: [Int] = []
  private var best: [(score: Double, start: Int32, piece: Int32)] = []

  private mutating func reserve(_ length: Int) {
    guard forward.count <= length else { return }
    forward = [Double](repeating: 0, count: length * 2 + 2)
    backward = forward
    places = [Int](repeating: 0, count: length * 2 + 2)
    best = Array(repeating: (0, 0, 0), count: length * 2 + 2)
  }

  /// Adds a word's expected counts; false where the product leaves the range of numbers.
  @inline(__always)
  mutating func expect(
    _ edges: UnsafeBufferPointer<UInt32>, _ first: Int, _ length: Int,
    _ weights: UnsafeBufferPointer<Double>, _ count: Double, growth: Double,
    _ counts: inout UnigramCounts
  ) -> Bool {
    reserve(length)
    return forward.withUnsafeMutableBufferPointer { forward in
      backward.withUnsafeMutableBufferPointer { backward in
        places.withUnsafeMutableBufferPointer { places in
          for index in 0...length { forward[index] = 0 }
          forward[0] = 1
          var edge = first
          for start in 0..<length {
            places[start] = edge
            let here = forward[start]
            while true {
              let value = edges[edge]
              edge &+= 1
              let end =
                start
                &+ Int(value >> UnigramLattices.pieceBits & UnigramLattices.lengthMask)
              forward[end] += here * weights[Int(value & UnigramLattices.pieceMask)]
              if value & UnigramLattices.last != 0 { break }
            }
          }
          let total = forward[length]
          guard total > 1e-250, total < 1e250 else { return false }
          backward[length] = 1
          let share = count * UnigramCounts.scale / total
          counts.pieces.withUnsafeMutableBufferPointer { expected in
            for start in stride(from: length - 1, through: 0, by: -1) {
              var edge = places[start]
              let reached = forward[start] * share
              var sum = 0.0
              while true {
                let value = edges[edge]
                edge &+= 1
                let piece = Int(value & UnigramLattices.pieceMask)
                let end =
                  start
                  &+ Int(value >> UnigramLattices.pieceBits & UnigramLattices.lengthMask)
                let term = weights[piece] * backward[end]
                sum += term
                expected[piece] &+= Int64(reached * term + 0.5)
                if value & UnigramLattices.last != 0 { break }
              }
              backward[start] = sum
            }
          }
          let logarithm = log(total) - growth * Double(length)
          counts.logLikelihood &+= Int64(logarithm * count * UnigramCounts.scale)
          return true
        }
      }
    }
  }

  /// The same by logarithms.
  mutating func expectInLogarithms(
    _ edges: UnsafeBufferPointer<UInt32>, _ first: Int, _ length: Int,
    _ scores: UnsafeBufferPointer<Double>, _ count: Double, _ counts: inout UnigramCounts
  ) {
    reserve(length)
    for index in 0...length {
      forward[index] = -.infinity
      backward[index] = -.infinity
    }
    forward[0] = 0
    backward[length] = 0
    var edge = first
    for start in 0..<length {
      places[start] = edge
      repeat {
        let (piece, end) = Self.parts(edges[edge], start)
        forward[end] = Self.logAdd(forward[end], forward[start] + scores[piece])
        edge += 1
      } while edges[edge - 1] & UnigramLattices.last == 0
    }
    let total = forward[length]
    for start in stride(from: length - 1, through: 0, by: -1) {
      var edge = places[start]
      repeat {
        let (piece, end) = Self.parts(edges[edge], start)
        backward[start] = Self.logAdd(backward[start], scores[piece] + backward[end])
        let posterior = exp(forward[start] + scores[piece] + backward[end] - total)
        counts.pieces[piece] &+= Int64(count * posterior * UnigramCounts.scale + 0.5)
        edge += 1
      } while edges[edge - 1] & UnigramLattices.last == 0
    }
    counts.logLikelihood &+= Int64(total * count * UnigramCounts.scale)
  }

  private static func logAdd(_ left: Double, _ right: Double) -> Double {
    let (small, large) = left < right ? (left, right) : (right, left)
    return small == -.infinity ? large : large + log1p(exp(small - large))
  }

  @inline(__always)
  private static func parts(_ edge: UInt32, _ start: Int) -> (piece: Int, end: Int) {
    (
      Int(edge & UnigramLattices.pieceMask),
      start + Int(edge >> UnigramLattices.pieceBits & UnigramLattices.lengthMask)
    )
  }

  /// Counts the pieces on a word's best path, in the same unit; of equal paths the first found wins.
  ///
  /// Returns their number.
  mutating func use(
    _ edges: UnsafeBufferPointer<UInt32>, _ first: Int, _ length: Int,
    _ scores: UnsafeBufferPointer<Double>, _ count: Double, _ counts: inout UnigramCounts
  ) -> Int {
    reserve(length)
    fill(edges, first, 0..<length, scores, without: -1)
    let share = Int64(count * UnigramCounts.scale)
    var end = length
    var pieces = 0
    while end > 0 {
      counts.pieces[Int(best[end].piece)] &+= share
      pieces += 1
      end = Int(best[end].start)
    }
    return pieces
  }

  /// The best way to spell a piece with others.
  mutating func spelling(
    _ edges: UnsafeBufferPointer<UInt32>, from first: Int, of piece: Int32,
    at home: UnigramLattices.Home, _ scores: [Double]
  ) -> [Int32] {
    let length = Int(home.length)
    reserve(length)
    var edge = first
    var start = 0
    while start < Int(home.start) {
      if edges[edge] & UnigramLattices.last != 0 { start += 1 }
      edge += 1
    }
    scores.withUnsafeBufferPointer {
      fill(edges, edge, 0..<length, $0, without: piece)
    }
    var path = [Int32]()
    var end = length
    while end > 0 {
      path.append(best[end].piece)
      end = Int(best[end].start)
    }
    return path
  }

  @inline(__always)
  private mutating func fill(
    _ edges: UnsafeBufferPointer<UInt32>, _ first: Int, _ range: Range<Int>,
    _ scores: UnsafeBufferPointer<Double>, without excluded: Int32
  ) {
    best.withUnsafeMutableBufferPointer { best in
      for index in 0...range.count { best[index] = (-.infinity, -1, -1) }
      best[0].score = 0
      var edge = first
      for start in range {
        let here = best[start].score
        while true {
          let value = edges[edge]
          edge &+= 1
          let (piece, end) = Self.parts(value, start)
          if end <= range.count, piece != Int(excluded) {
            let score = here + scores[piece]
            if score > best[end].score { best[end] = (score, Int32(start), Int32(piece)) }
          }
          if value & UnigramLattices.last != 0 { break }
        }
      }
    }
  }
}
