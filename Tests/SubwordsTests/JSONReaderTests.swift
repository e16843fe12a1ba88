// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Subwords

@Suite("JSON reader")
struct JSONReaderTests {
  @Test("reads what it writes, scalar by scalar")
  func roundTrip() throws {
    var random = SeededGenerator(state: 7)
    let value = JSONValue.object([
      .init("empty", .array([])), .init("nul\u{0}", .string("a\u{0}\u{FFFE}\u{10FFFF}\"\\\n")),
      .init("numbers", .array([.number(-0.1), .number(12_345_678), .number(-2.376697063446045)])),
      .init("texts", .array((0..<200).map { _ in .string(random.text(upTo: 20)) })),
      .init("flags", .array([.bool(true), .bool(false), .null, .object([])])),
    ])
    let bytes = value.serialized
    let copy = try JSONReader.read(bytes)
    #expect(copy.serialized == bytes)
    #expect(copy == value)
  }

  @Test("understands escapes and surrogate pairs")
  func escapes() throws {
    let json = #"["\u00e9\ud83d\ude00\/\b\f\t", "e\u0301"]"#
    #expect(
      try JSONReader.read(json.utf8)
        == .array([.string("é😀/\u{8}\u{C}\t"), .string("e\u{301}")]))
    guard case .array(let parts) = try JSONReader.read(json.utf8), case .string(let last) = parts[1]
    else {
      Issue.record("expected an array of strings")
      return
    }
    #expect(scalars(last) == [0x65, 0x301])
  }

  @Test(
    "refuses what is not JSON and says where",
    arguments: [
      "", "{", "[1,", "[1 2]", "{\"a\" 1}", "{a:1}", "01", "-", "1.", "1e", "nul", "\"abc",
      "\"\u{1}\"", "\"\\q\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "[1]x", "1e999", "]", "\"\\u12",
    ])
  func malformed(_ text: String) {
    let error = #expect(throws: SubwordError.self) { try JSONReader.read(text.utf8) }
    #expect(error?.code == .malformed)
    #expect(error?.location.contains("line 1") == true)
  }

  @Test("refuses invalid UTF-8 and bottomless nesting")
  func hostile() {
    #expect(throws: SubwordError.self) { try JSONReader.read([0x22, 0xC3, 0x22] as [UInt8]) }
    #expect(throws: SubwordError.self) {
      try JSONReader.read([UInt8](repeating: 0x5B, count: 1_000_000))
    }
  }
}
