// SPDX-License-Identifier: Apache-2.0

/// Sums and products of vectors of any length, eight numbers at a time.
enum VectorArithmetic {
  private typealias Lanes = SIMD8<Float>

  /// The inner product.
  @inline(__always) static func dot(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ count: Int
  ) -> Float {
    var sum = Lanes.zero
    var index = 0
    while index + 8 <= count {
      sum += lanes(left, index) * lanes(right, index)
      index += 8
    }
    var total = sum.sum()
    while index < count {
      total += left[index] * right[index]
      index += 1
    }
    return total
  }

  /// Adds a vector times a number to another.
  @inline(__always) static func add(
    _ vector: UnsafePointer<Float>, times scale: Float, to sum: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    var index = 0
    while index + 8 <= count {
      store(lanes(sum, index) + lanes(vector, index) * scale, sum, index)
      index += 8
    }
    if index + 4 <= count {
      let rest = UnsafeRawPointer(vector + index).loadUnaligned(as: SIMD4<Float>.self)
      let old = UnsafeRawPointer(sum + index).loadUnaligned(as: SIMD4<Float>.self)
      UnsafeMutableRawPointer(sum + index).storeBytes(of: old + rest * scale, as: SIMD4<Float>.self)
      index += 4
    }
    while index < count {
      sum[index] += vector[index] * scale
      index += 1
    }
  }

  /// Moves two vectors by each other: `gradient += scale * row` and `row += scale * input`, in one pass.
  @inline(__always) static func exchange(
    _ row: UnsafeMutablePointer<Float>, _ input: UnsafePointer<Float>,
    _ gradient: UnsafeMutablePointer<Float>, times scale: Float, _ count: Int
  ) {
    var index = 0
    while index + 8 <= count {
      let old = lanes(row, index)
      store(lanes(gradient, index) + old * scale, gradient, index)
      store(old + lanes(input, index) * scale, row, index)
      index += 8
    }
    while index < count {
      let old = row[index]
      gradient[index] += old * scale
      row[index] = old + input[index] * scale
      index += 1
    }
  }

  @inline(__always) private static func lanes(_ start: UnsafePointer<Float>, _ index: Int) -> Lanes
  {
    UnsafeRawPointer(start + index).loadUnaligned(as: Lanes.self)
  }

  @inline(__always) private static func store(
    _ lanes: Lanes, _ start: UnsafeMutablePointer<Float>, _ index: Int
  ) {
    UnsafeMutableRawPointer(start + index).storeBytes(of: lanes, as: Lanes.self)
  }
}
