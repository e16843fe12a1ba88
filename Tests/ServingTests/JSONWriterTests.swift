// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Serving

@Suite("The JSON writer", .timeLimit(.minutes(1)))
struct JSONWriterTests {
  @Test("puts commas between members and elements, and nowhere else")
  func commas() {
    var json = JSONWriter()
    json.object { json in
      json.member("a", 1)
      json.key("b")
      json.array {
        $0.array { _ in }; $0.value("x\"\n\u{1}"); $0.object { _ in }
      }
      json.member("c", ["y", "z"])
    }
    let text = String(decoding: json.bytes, as: UTF8.self)
    #expect(text == #"{"a":1,"b":[[],"x\"\n\u0001",{}],"c":["y","z"]}"#)
  }

  @Test("writes numbers that read back bit for bit", arguments: 0..<10)
  func floats(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let numbers =
      (0..<500).map { _ in Float(bitPattern: UInt32.random(in: 0 ... .max, using: &generator)) }
      .filter(\.isFinite) + [
        0, -0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .leastNormalMagnitude, 1e16,
      ]
    var json = JSONWriter()
    json.value(numbers)
    // Foundation as an independent reader: it takes nothing that is not JSON.
    let read = try JSONDecoder().decode([Float].self, from: Data(json.bytes))
    #expect(read == numbers)
  }

  @Test("writes Base64 as Foundation does", arguments: 0..<9)
  func base64(_ count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ 200) }
    #expect(Base64.encode(bytes) == Data(bytes).base64EncodedString())
  }

  @Test("writes numbers in Base64 as little-endian bytes")
  func base64Numbers() {
    #expect(Base64.encode([1 as Float, -2]) == "AACAPwAAAMA=")
  }
}
