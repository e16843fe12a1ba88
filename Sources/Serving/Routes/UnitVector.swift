// SPDX-License-Identifier: Apache-2.0

/// Scales vectors to length 1.
enum UnitVector {
  /// The vector divided by its Euclidean length.
  ///
  /// One that already has length 1 within rounding is left as it is, so that a model that
  /// normalises by itself answers the same numbers here and in the library; so is the null vector.
  static func of(_ vector: [Float]) -> [Float] {
    let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
    guard square > 0, abs(square - 1) > 1e-6 else { return vector }
    let scale = 1 / square.squareRoot()
    return vector.map { Float(Double($0) * scale) }
  }
}
