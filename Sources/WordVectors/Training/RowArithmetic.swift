// SPDX-License-Identifier: Apache-2.0

/// Products and moves of four rows at once, so that what they share is read once.
///
/// The rows must differ where they are moved.
enum RowArithmetic {
  typealias Row = UnsafeMutablePointer<Float>

  /// The inner products of a vector with four rows.
  @inline(__always) static func dot(
    _ vector: UnsafePointer<Float>, _ a: Row, _ b: Row, _ c: Row, _ d: Row, _ count: Int
  ) -> SIMD4<Float> {
    typealias Lanes = SIMD8<Float>
    var (sumA, sumB, sumC, sumD) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    var index = 0
    while index + 8 <= count {
      let lanes: Lanes = load(vector, index)
      sumA += lanes * load(a, index)
      sumB += lanes * load(b, index)
      sumC += lanes * load(c, index)
      sumD += lanes * load(d, index)
      index += 8
    }
    var (restA, restB) = (sumA.lowHalf + sumA.highHalf, sumB.lowHalf + sumB.highHalf)
    var (restC, restD) = (sumC.lowHalf + sumC.highHalf, sumD.lowHalf + sumD.highHalf)
    if index + 4 <= count {
      let lanes: SIMD4<Float> = load(vector, index)
      restA += lanes * load(a, index)
      restB += lanes * load(b, index)
      restC += lanes * load(c, index)
      restD += lanes * load(d, index)
      index += 4
    }
    var sums = SIMD4(restA.sum(), restB.sum(), restC.sum(), restD.sum())
    while index < count {
      sums += SIMD4(a[index], b[index], c[index], d[index]) * vector[index]
      index += 1
    }
    return sums
  }

  /// `gradient += scale * row` and `row += scale * vector`, for each of four rows.
  @inline(__always) static func exchange(
    _ a: Row, _ b: Row, _ c: Row, _ d: Row, times scale: SIMD4<Float>,
    _ vector: UnsafePointer<Float>, _ gradient: Row, _ count: Int
  ) {
    var index = 0
    while index + 8 <= count {
      exchange(SIMD8<Float>.self, a, b, c, d, times: scale, vector, gradient, at: index)
      index += 8
    }
    if index + 4 <= count {
      exchange(SIMD4<Float>.self, a, b, c, d, times: scale, vector, gradient, at: index)
      index += 4
    }
    while index < count {
      let old = SIMD4(a[index], b[index], c[index], d[index])
      gradient[index] += (old * scale).sum()
      let new = old + vector[index] * scale
      (a[index], b[index], c[index], d[index]) = (new.x, new.y, new.z, new.w)
      index += 1
    }
  }

  /// `gradient += scale * row`, for each of four rows.
  @inline(__always) static func gather(
    _ a: Row, _ b: Row, _ c: Row, _ d: Row, times scale: SIMD4<Float>, _ gradient: Row,
    _ count: Int
  ) {
    var index = 0
    while index + 8 <= count {
      gather(SIMD8<Float>.self, a, b, c, d, times: scale, gradient, at: index)
      index += 8
    }
    if index + 4 <= count {
      gather(SIMD4<Float>.self, a, b, c, d, times: scale, gradient, at: index)
      index += 4
    }
    while index < count {
      gradient[index] += (SIMD4(a[index], b[index], c[index], d[index]) * scale).sum()
      index += 1
    }
  }

  @inline(__always) private static func exchange<Lanes: SIMD & BitwiseCopyable>(
    _: Lanes.Type, _ a: Row, _ b: Row, _ c: Row, _ d: Row, times scale: SIMD4<Float>,
    _ vector: UnsafePointer<Float>, _ gradient: Row, at index: Int
  ) where Lanes.Scalar == Float {
    let lanes: Lanes = load(vector, index)
    var sum: Lanes = load(gradient, index)
    let (oldA, oldB): (Lanes, Lanes) = (load(a, index), load(b, index))
    sum += oldA * scale.x + oldB * scale.y
    store(oldA + lanes * scale.x, a, index)
    store(oldB + lanes * scale.y, b, index)
    let (oldC, oldD): (Lanes, Lanes) = (load(c, index), load(d, index))
    sum += oldC * scale.z + oldD * scale.w
    store(oldC + lanes * scale.z, c, index)
    store(oldD + lanes * scale.w, d, index)
    store(sum, gradient, index)
  }

  @inline(__always) private static func gather<Lanes: SIMD & BitwiseCopyable>(
    _: Lanes.Type, _ a: Row, _ b: Row, _ c: Row, _ d: Row, times scale: SIMD4<Float>,
    _ gradient: Row, at index: Int
  ) where Lanes.Scalar == Float {
    var sum: Lanes = load(gradient, index)
    sum += load(a, index) * scale.x + load(b, index) * scale.y
    sum += load(c, index) * scale.z + load(d, index) * scale.w
    store(sum, gradient, index)
  }

  @inline(__always) private static func load<Lanes: SIMD & BitwiseCopyable>(
    _ start: UnsafePointer<Float>, _ index: Int
  ) -> Lanes {
    UnsafeRawPointer(start + index).loadUnaligned(as: Lanes.self)
  }

  @inline(__always) private static func store<Lanes: SIMD & BitwiseCopyable>(
    _ lanes: Lanes, _ start: UnsafeMutablePointer<Float>, _ index: Int
  ) {
    UnsafeMutableRawPointer(start + index).storeBytes(of: lanes, as: Lanes.self)
  }
}
