// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Decimal numbers in text, as C's `strtod` reads them.
enum DecimalNumber {
  private static let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
    1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The number that all of the text is; nil where it is none.
  ///
  /// "nan" and "inf" are numbers. Up to 15 digits and powers of ten up to 22 one multiplication is exact (Clinger 1990); what goes beyond is left to
  /// the system.
  static func parse(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Double? {
    var place = start
    guard place < end else { return nil }
    let isNegative = place.pointee == 0x2d
    if isNegative || place.pointee == 0x2b { place += 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    let first = place
    while place < end, place.pointee &- 0x30 < 10 {
      mantissa = mantissa &* 10 &+ UInt64(place.pointee &- 0x30)
      if mantissa > 0 { digits += 1 }
      place += 1
    }
    var seen = place - first
    if place < end, place.pointee == 0x2e {
      place += 1
      let fraction = place
      while place < end, place.pointee &- 0x30 < 10 {
        mantissa = mantissa &* 10 &+ UInt64(place.pointee &- 0x30)
        if mantissa > 0 { digits += 1 }
        place += 1
      }
      seen += place - fraction
      exponent = fraction - place
    }
    guard seen > 0 else { return slow(start, end) }
    if place < end, place.pointee | 0x20 == 0x65 {
      place += 1
      var sign = 1
      if place < end, place.pointee == 0x2d || place.pointee == 0x2b {
        sign = place.pointee == 0x2d ? -1 : 1
        place += 1
      }
      let begin = place
      var value = 0
      while place < end, place.pointee &- 0x30 < 10 {
        value = min(value * 10 + Int(place.pointee &- 0x30), 100_000)
        place += 1
      }
      guard place > begin else { return nil }
      exponent += sign * value
    }
    guard place == end else { return slow(start, end) }
    guard digits <= 15, abs(exponent) <= 22 else { return slow(start, end) }
    let magnitude =
      exponent < 0 ? Double(mantissa) / powers[-exponent] : Double(mantissa) * powers[exponent]
    return isNegative ? -magnitude : magnitude
  }

  private static func slow(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Double? {
    let text = String(
      decoding: UnsafeBufferPointer(start: start, count: end - start), as: UTF8.self)
    // Hexadecimal numbers are no part of any of these files.
    guard !text.contains(where: { $0 == "x" || $0 == "X" || $0 == " " || $0 == "\t" }) else {
      return nil
    }
    return Double(text)
  }
}
