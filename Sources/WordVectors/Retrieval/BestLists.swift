// SPDX-License-Identifier: Apache-2.0

/// The few largest values of each row, or of each column, of blocks that come in any cut.
///
/// Of equal values the one of the lower index counts as larger. It is used by one thread at a time, save that ``takeRows`` and
/// ``takeColumns`` share their own work out among several.
package final class BestLists: @unchecked Sendable {
  package let count: Int
  package let limit: Int
  /// Falling; minus infinity where there are none yet.
  package let values: UnsafeMutablePointer<Float>
  package let indices: UnsafeMutablePointer<Int32>

  package init(count: Int, limit: Int) {
    self.count = count
    self.limit = limit
    values = .allocate(capacity: max(count * limit, 1))
    values.initialize(repeating: -.infinity, count: count * limit)
    indices = .allocate(capacity: max(count * limit, 1))
    indices.initialize(repeating: -1, count: count * limit)
  }

  deinit {
    values.deallocate()
    indices.deallocate()
  }

  /// Puts a value into a list if it belongs there.
  @inline(__always) func insert(
    _ value: Float, _ index: Int32, into list: Int, mask: DropoutMask? = nil, row: Int = 0,
    column: Int = 0
  ) {
    let values = values + list * limit
    let indices = indices + list * limit
    var place = limit - 1
    guard isAhead(value, index, of: values[place], indices[place]) else { return }
    // Asked last: few pairs come this far.
    if let mask, !mask.keeps(row, column) { return }
    while place > 0, isAhead(value, index, of: values[place - 1], indices[place - 1]) {
      values[place] = values[place - 1]
      indices[place] = indices[place - 1]
      place -= 1
    }
    values[place] = value
    indices[place] = index
  }

  @inline(__always) private func isAhead(
    _ value: Float, _ index: Int32, of other: Float, _ otherIndex: Int32
  ) -> Bool { value > other || (value == other && (otherIndex < 0 || index < otherIndex)) }

  /// Takes a value that was found by itself.
  package func take(_ value: Float, _ index: Int, into list: Int) {
    insert(value, Int32(index), into: list)
  }

  /// Takes the values of a block for its rows: `scale * value - penalties[column]`.
  ///
  /// - Parameter mask: Which pairs are passed over, if any are.
  package func takeRows(
    _ block: SimilarityBlocks.Block, scale: Float = 1, penalties: UnsafePointer<Float>? = nil,
    mask: DropoutMask? = nil, threads: Int
  ) {
    nonisolated(unsafe) let (block, penalties) = (block, penalties)
    let width = block.columns.count
    parallelRanges(block.rows.count, threads: threads) { range in
      for row in range {
        let list = block.rows.lowerBound + row
        let values = block.values + row * width
        let penalties = penalties.map { $0 + block.columns.lowerBound }
        // Most values are too small: they are passed over many at a time.
        for start in stride(from: 0, to: width, by: Self.stretch) {
          let columns = start..<min(start + Self.stretch, width)
          let least = self.values[list * self.limit + self.limit - 1]
          if columns.count == Self.stretch,
            !Self.reaches(least, values + start, scale, penalties.map { $0 + start })
          {
            continue
          }
          for column in columns {
            let value = scale * values[column] - (penalties?[column] ?? 0)
            guard value >= self.values[list * self.limit + self.limit - 1] else { continue }
            let index = block.columns.lowerBound + column
            self.insert(value, Int32(index), into: list, mask: mask, row: list, column: index)
          }
        }
      }
    }
  }

  private static let stretch = 32

  /// Whether any of ``stretch`` values is as large as the least of a list; written so that it is compiled to vectors.
  @inline(__always) private static func reaches(
    _ least: Float, _ values: UnsafePointer<Float>, _ scale: Float,
    _ penalties: UnsafePointer<Float>?
  ) -> Bool {
    var found: Int32 = 0
    if let penalties {
      for index in 0..<stretch {
        found |= scale * values[index] - penalties[index] >= least ? 1 : 0
      }
    } else if scale == 1 {
      for index in 0..<stretch { found |= values[index] >= least ? 1 : 0 }
    } else {
      for index in 0..<stretch { found |= scale * values[index] >= least ? 1 : 0 }
    }
    return found != 0
  }

  /// Takes the values of a block for its columns.
  package func takeColumns(
    _ block: SimilarityBlocks.Block, scale: Float = 1, penalties: UnsafePointer<Float>? = nil,
    mask: DropoutMask? = nil, threads: Int
  ) {
    nonisolated(unsafe) let (block, penalties) = (block, penalties)
    let width = block.columns.count
    parallelRanges((width + 15) / 16, threads: threads) { range in
      let columns = range.lowerBound * 16..<min(width, range.upperBound * 16)
      // The least of each list stands together here, so that most values are passed over sixteen at a time.
      var least = [Float](repeating: 0, count: columns.count)
      least.withUnsafeMutableBufferPointer { least in
        for column in columns {
          let list = block.columns.lowerBound + column
          least[column - columns.lowerBound] = self.values[list * self.limit + self.limit - 1]
        }
        for row in 0..<block.rows.count {
          let index = Int32(block.rows.lowerBound + row)
          let penalty = penalties?[block.rows.lowerBound + row] ?? 0
          let values = block.values + row * width
          var column = columns.lowerBound
          while column < columns.upperBound {
            let end = min(column + 16, columns.upperBound)
            let offset = column - columns.lowerBound
            if end - column == 16, let base = least.baseAddress {
              var lanes = UnsafeRawPointer(values + column).loadUnaligned(as: SIMD16<Float>.self)
              if scale != 1 { lanes *= scale }
              lanes -= penalty
              let limits = UnsafeRawPointer(base + offset).loadUnaligned(as: SIMD16<Float>.self)
              guard any(lanes .>= limits) else {
                column = end
                continue
              }
            }
            for place in column..<end {
              let value = scale * values[place] - penalty
              guard value >= least[place - columns.lowerBound] else { continue }
              let list = block.columns.lowerBound + place
              self.insert(
                value, index, into: list, mask: mask, row: Int(index), column: list)
              least[place - columns.lowerBound] = self.values[list * self.limit + self.limit - 1]
            }
            column = end
          }
        }
      }
    }
  }

  /// The mean of each list, over those values that are there; 0 for an empty list.
  package func means() -> [Float] {
    (0..<count).map { list in
      var (sum, number) = (0.0, 0)
      for place in 0..<limit where indices[list * limit + place] >= 0 {
        sum += Double(values[list * limit + place])
        number += 1
      }
      return number == 0 ? 0 : Float(sum / Double(number))
    }
  }

  /// A list's entries, the largest first.
  package func entries(_ list: Int) -> [(index: Int, value: Float)] {
    (0..<limit).compactMap { place in
      let index = indices[list * limit + place]
      return index < 0 ? nil : (Int(index), values[list * limit + place])
    }
  }
}

/// Which pairs of rows are passed over at random; each pair by itself, whatever the order in which they come.
package struct DropoutMask: Sendable {
  private let salt: UInt64
  private let threshold: UInt64

  /// Keeps pairs with a probability.
  package init(keeping probability: Double, seed: UInt64, stream: UInt64) {
    salt = Self.mix(seed &+ 0x9e37_79b9_7f4a_7c15 &* (stream &+ 1))
    threshold = UInt64(max(0, min(1, probability)) * Double(1 << 32))
  }

  @inline(__always) func keeps(_ row: Int, _ column: Int) -> Bool {
    Self.mix(salt ^ (UInt64(truncatingIfNeeded: row) << 32 | UInt64(truncatingIfNeeded: column)))
      >> 32 < threshold
  }

  @inline(__always) private static func mix(_ value: UInt64) -> UInt64 {
    var generator = SplitMix(seed: value)
    return generator.next()
  }
}
