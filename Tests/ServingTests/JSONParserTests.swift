// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Serving

@Suite("The JSON parser", .timeLimit(.minutes(1)))
struct JSONParserTests {
  private func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

  @Test(
    "reads every kind of value",
    arguments: [
      ("null", JSONValue.null), (" true ", .bool(true)), ("false", .bool(false)),
      ("0", .integer(0)), ("-12", .integer(-12)), ("1.5", .number(1.5)), ("1e3", .number(1000)),
      ("-0.25E-1", .number(-0.025)), ("100000000000000000000", .number(1e20)),
      ("\"\"", .string("")), ("\"Grüße 你好\"", .string("Grüße 你好")),
      (#""\"\\\/\b\f\n\r\t\u00e9""#, .string("\"\\/\u{8}\u{C}\n\r\t\u{e9}")),
      (#""\ud83d\ude00 \uD83D\uDE00""#, .string("😀 😀")),
      ("[]", .array([])),
      ("[1, [2],\n\t3]", .array([.integer(1), .array([.integer(2)]), .integer(3)])),
      ("{}", .object([])),
      (
        #"{"b":1,"a":{}}"#,
        .object([.init(key: "b", value: .integer(1)), .init(key: "a", value: .object([]))])
      ),
    ])
  func reads(_ text: String, _ expected: JSONValue) throws {
    #expect(try parse(text) == expected)
  }

  @Test(
    "says where it breaks",
    arguments: [
      ("", "line 1, column 1", "end of the body"),
      ("{\"inputs\": \"x\"", "line 1, column 15", "',' or '}'"),
      ("{\"inputs\": }", "line 1, column 12", "expected a value, found '}'"),
      ("{\n  \"inputs\": \"x\",\n}", "line 3, column 1", "a key in double quotes"),
      ("[1, 2,]", "line 1, column 7", "expected a value"),
      ("{'inputs': 1}", "line 1, column 2", "double quotes"),
      ("{\"a\" 1}", "line 1, column 6", "':'"),
      ("{\"a\": 1} x", "line 1, column 10", "the end of the body"),
      ("\"abc", "line 1, column 1", "does not end"),
      ("\"a\nb\"", "line 1, column 3", "control character"),
      (#""\x""#, "line 1, column 2", "escape"),
      (#""\u12g4""#, "line 1, column 6", "hexadecimal"),
      (#""\ud83d""#, "line 1, column 2", "surrogate"),
      (#""\ude00x""#, "line 1, column 2", "surrogate"),
      (#""\ud83d\u0041""#, "line 1, column 2", "surrogate"),
      ("tru", "line 1, column 1", "'true'"),
      ("01", "line 1, column 2", "the end of the body"),
      ("1.", "line 1, column 3", "a digit"),
      ("-", "line 1, column 2", "a digit"),
      ("NaN", "line 1, column 1", "expected a value"),
      ("1e999", "line 1, column 1", "too large"),
      (#"{"a":1,"a":2}"#, "line 1, column 8", "second time"),
    ])
  func breaks(_ text: String, _ place: String, _ words: String) throws {
    let error = try #require(throws: ServingError.self) { try parse(text) }
    #expect(error.code == .malformed)
    #expect(error.location == place)
    #expect(error.message.contains(words), "\(error)")
  }

  @Test("says which byte is not UTF-8")
  func invalidUTF8() throws {
    let bytes = Array("\"aé".utf8) + [0xC3, 0x28] + Array("\"".utf8)
    let error = try #require(throws: ServingError.self) { try JSONParser.parse(bytes) }
    #expect(error.location == "line 1, column 5")
    #expect(error.message.contains("UTF-8"))
  }

  @Test("bounds nesting, so that a body of brackets cannot exhaust the stack")
  func nesting() throws {
    let depth = JSONParser.maximumDepth
    let allowed = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect(throws: Never.self) { try parse(allowed) }
    let error = try #require(throws: ServingError.self) {
      try parse(String(repeating: "[", count: 1_000_000))
    }
    #expect(error.message.contains("deeper than 64"))
  }

  @Test("tells keys apart that Unicode calls equivalent")
  func equivalentKeys() throws {
    let value = try parse("{\"\u{e9}\": 1, \"e\u{301}\": 2}")
    guard case .object(let members) = value else {
      Issue.record("no object")
      return
    }
    #expect(members.count == 2)
  }

  @Test("reads back what the writer wrote", arguments: 0..<20)
  func roundTrip(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let texts = (0..<30).map { _ in
      String(
        String.UnicodeScalarView(
          (0..<Int.random(in: 0...20, using: &generator)).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 0...0x2FFFF, using: &generator))
          }))
    }
    var writer = JSONWriter()
    writer.array { for text in texts { $0.value(text) } }
    #expect(try JSONParser.parse(writer.bytes) == .array(texts.map { .string($0) }))
  }
}
