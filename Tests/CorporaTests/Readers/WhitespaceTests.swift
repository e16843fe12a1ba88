// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Corpora

@Suite("White space")
struct WhitespaceTests {
  @Test(
    "is collapsed to one space",
    arguments: [
      ("", ""), (" ", ""), ("a", "a"), ("  a \t b\n", "a b"), ("a\u{a0}b\u{3000}c", "a b c"),
      ("e\u{301} \u{301}", "e\u{301} \u{301}"), ("a\u{200b}b", "a\u{200b}b"),
    ])
  func collapsing(_ text: String, _ expected: String) {
    #expect(Array(text.collapsingSpaces.utf8) == Array(expected.utf8))
  }

  @Test(
    "is trimmed where it is ASCII",
    arguments: [
      ("", ""), (" \t", ""), (" a b\r\n", "a b"), ("\u{a0}a", "\u{a0}a"),
    ])
  func trimming(_ text: String, _ expected: String) {
    #expect(text.trimmingSpaces == expected)
  }

  @Test(
    "Edit distance counts scalars, whatever their case",
    arguments: [
      ("text", "text", 0), ("Text", "text", 0), ("label", "lable", 2), ("", "abc", 3),
      ("kitten", "sitting", 3),
    ])
  func distance(_ left: String, _ right: String, _ expected: Int) {
    #expect(editDistance(left, right) == expected)
    #expect(editDistance(right, left) == expected)
  }
}
