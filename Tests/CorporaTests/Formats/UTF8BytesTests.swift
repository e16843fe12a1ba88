// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Corpora

@Suite("UTF-8")
struct UTF8BytesTests {
  @Test("is told from other bytes as the standard library tells it")
  func validity() {
    var generator = StableGenerator(seed: 5)
    let starts: [[UInt8]] = [
      [0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x80, 0x80, 0x80],
      [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xc2], [0xe1, 0x80], [0x80],
      [0xf4, 0x8f, 0xbf, 0xbf], [0xed, 0x9f, 0xbf], Array("é中😀".utf8),
    ]
    for round in 0..<5000 {
      var bytes = Array("abcdefghij".utf8.prefix(round % 11))
      bytes += starts[round % starts.count]
      for _ in 0..<round % 4 { bytes.append(UInt8.random(in: 0...255, using: &generator)) }
      #expect(
        (firstInvalidByte(of: bytes) == nil) == (String(validating: bytes, as: UTF8.self) != nil))
    }
    #expect(firstInvalidByte(of: Array("ab".utf8) + [0xff]) == 2)
  }

  @Test("is decoded and encoded scalar by scalar")
  func roundTrip() {
    for value in stride(from: UInt32(0), to: 0x110000, by: 61) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      var bytes: [UInt8] = []
      bytes.appendScalar(value)
      #expect(bytes == Array(String(scalar).utf8))
      var index = 0
      #expect(bytes.withUnsafeBufferPointer { decodeScalar($0, at: &index) } == value)
      #expect(index == bytes.count)
    }
  }
}
