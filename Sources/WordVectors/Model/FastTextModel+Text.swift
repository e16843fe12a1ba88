// SPDX-License-Identifier: Apache-2.0

import Foundation

extension FastTextModel {
  /// Hands the text of the words' vectors (`.vec`) to `sink`, in pieces: the numbers of words and of dimensions, then a
  /// line for each word, as fastText writes them.
  public func writeVectors(to sink: ([UInt8]) throws -> Void) throws {
    var text = Array("\(dictionary.wordCount) \(dimension)\n".utf8)
    let rows = GrowingBuffer<Int32>()
    let vector = FloatBuffer(count: dimension)
    for index in 0..<dictionary.wordCount {
      let word = dictionary.bytes(index)
      Array(word).withUnsafeBufferPointer { features.extract(word: $0, rows) }
      input.mean(UnsafeBufferPointer(rows.elements), into: vector.start)
      text += word
      text.append(UInt8(ascii: " "))
      for column in 0..<dimension {
        DecimalText.append(vector.start[column], to: &text)
        text.append(UInt8(ascii: " "))
      }
      text.append(UInt8(ascii: "\n"))
      guard text.count >= 1 << 18 else { continue }
      try sink(text)
      text.removeAll(keepingCapacity: true)
    }
    try sink(text)
  }
}

/// Numbers as C++'s streams write them with so many digits, five as a rule: `0.012346`, `1.5e-05`.
enum DecimalText {
  /// Powers of ten from 10^-60 to 10^60.
  private static let powers: [Double] = (-60...60).map { pow(10, Double($0)) }

  static func append(_ number: Float, digits digitCount: Int = 5, to text: inout [UInt8]) {
    guard number != 0, number.isFinite else {
      text += number == 0 ? (number.sign == .minus ? "-0" : "0").utf8 : "\(number)".utf8
      return
    }
    if number < 0 { text.append(UInt8(ascii: "-")) }
    let value = Double(abs(number))
    let least = digitCount == 5 ? 10_000 : Int(powers[60 + digitCount - 1])
    var exponent = Int(log10(value).rounded(.down))
    var digits = Int((value * powers[60 + digitCount - 1 - exponent]).rounded(.toNearestOrEven))
    if digits < least {
      // The logarithm of a number just below a power of ten may be that power's.
      exponent -= 1
      digits = Int((value * powers[60 + digitCount - 1 - exponent]).rounded(.toNearestOrEven))
    }
    if digits >= 10 * least {
      digits = (digits + 5) / 10
      exponent += 1
    }
    var count = digitCount
    while digits % 10 == 0 {
      digits /= 10
      count -= 1
    }
    if exponent < -4 || exponent >= digitCount {
      append(digits, count, point: 1, to: &text)
      text.append(UInt8(ascii: "e"))
      text.append(UInt8(ascii: exponent < 0 ? "-" : "+"))
      if abs(exponent) < 10 { text.append(UInt8(ascii: "0")) }
      text += String(abs(exponent)).utf8
    } else if exponent < 0 {
      text += "0.".utf8
      for _ in 0..<(-exponent - 1) { text.append(UInt8(ascii: "0")) }
      append(digits, count, point: 0, to: &text)
    } else {
      append(digits, count, point: exponent + 1, to: &text)
    }
  }

  /// Appends digits with a point after so many of them; zeros where there are fewer.
  private static func append(_ digits: Int, _ count: Int, point: Int, to text: inout [UInt8]) {
    var divisor = 1
    for _ in 1..<max(count, 1) { divisor *= 10 }
    var rest = digits
    for place in 0..<max(count, point) {
      if place == point, point > 0 { text.append(UInt8(ascii: ".")) }
      guard place < count else {
        text.append(UInt8(ascii: "0"))
        continue
      }
      text.append(UInt8(ascii: "0") + UInt8(rest / divisor))
      rest %= divisor
      divisor /= 10
    }
  }
}
