// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
  /// Appends elements with a separator between them.
  mutating func append<Item>(
    list: [Item], separator: Unicode.Scalar, _ write: (Item, inout [UInt8]) -> Void
  ) {
    for (index, element) in list.enumerated() {
      if index > 0 { append(UInt8(ascii: separator)) }
      write(element, &self)
    }
  }

  /// Appends a whole number, not below zero, in decimal digits.
  mutating func append(decimal number: Int) {
    guard number > 9 else {
      append(UInt8(ascii: "0") + UInt8(clamping: number))
      return
    }
    let start = count
    var rest = number
    while rest > 0 {
      append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    }
    self[start...].reverse()
  }
}
