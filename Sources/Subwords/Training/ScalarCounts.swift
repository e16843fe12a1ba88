// SPDX-License-Identifier: Apache-2.0

/// How often each scalar stands in a text: plain numbers in pages of 256 scalars, made as they are needed.
struct ScalarCounts {
  /// The page of each 256 scalars; 0 for none yet, which is a page of zeros.
  private var pages = [UInt16](repeating: 0, count: 0x1100)
  private var counts = [Int64](repeating: 0, count: 256)

  /// Adds `amount` for each scalar of valid UTF-8.
  @inline(__always)
  mutating func add(_ text: UnsafeBufferPointer<UInt8>, _ amount: Int64) {
    var index = 0
    while index < text.count {
      let (value, length) = UTF8Scalar.decode(text, at: index)
      add(value, amount)
      index &+= length
    }
  }

  @inline(__always)
  private mutating func add(_ value: UInt32, _ amount: Int64) {
    var page = Int(pages[Int(value >> 8)])
    if page == 0 {
      page = counts.count / 256
      pages[Int(value >> 8)] = UInt16(page)
      counts.append(contentsOf: repeatElement(0, count: 256))
    }
    counts[page &* 256 &+ Int(value & 0xFF)] &+= amount
  }

  /// Adds what others counted.
  mutating func add(_ other: ScalarCounts) {
    other.forEach { add($0.value, $1) }
  }

  /// How often a scalar stands there.
  subscript(scalar: Unicode.Scalar) -> Int64 {
    counts[Int(pages[Int(scalar.value >> 8)]) * 256 + Int(scalar.value & 0xFF)]
  }

  /// The sum of all counts.
  var total: Int64 { counts.reduce(0, +) }

  /// Calls back with the scalars that occur, in their order.
  func forEach(_ body: (Unicode.Scalar, Int64) -> Void) {
    for (number, page) in pages.enumerated() where page > 0 {
      for low in 0..<256 where counts[Int(page) * 256 + low] != 0 {
        guard let scalar = Unicode.Scalar(UInt32(number << 8 | low)) else { continue }
        body(scalar, counts[Int(page) * 256 + low])
      }
    }
  }

  /// The most frequent scalars that make up `share` of all; ties by scalar.
  func covering(_ share: Float) -> Set<Unicode.Scalar> {
    let total = Double(self.total)
    var covered = 0.0
    var chosen = Set<Unicode.Scalar>()
    var order = [(scalar: Unicode.Scalar, count: Int64)]()
    forEach { order.append(($0, $1)) }
    order.sort { $0.count != $1.count ? $0.count > $1.count : $0.scalar < $1.scalar }
    for (scalar, count) in order {
      guard covered / total < Double(share) else { break }
      covered += Double(count)
      // NUL cannot stand in a trie, and a model never sees it in text that was normalised.
      if scalar.value != 0 { chosen.insert(scalar) }
    }
    return chosen
  }
}
