// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Serving

@Suite("A misspelt name")
struct NearestNameTests {
  @Test(
    "finds the name that was meant",
    arguments: [
      ("input", "inputs"), ("Inputs", "inputs"), ("truncat", "truncate"), ("topk", "top_k"),
      ("langauge", "language"),
    ])
  func near(_ name: String, _ expected: String) {
    let known = ["inputs", "truncate", "language", "top_k"]
    #expect(NearestName.of(name, among: known) == expected)
  }

  @Test("finds nothing where nothing is near", arguments: ["temperature", "x", ""])
  func far(_ name: String) {
    #expect(NearestName.of(name, among: ["inputs", "truncate"]) == nil)
  }

  @Test("costs nothing when it is absurdly long")
  func long() {
    #expect(NearestName.of(String(repeating: "i", count: 1_000_000), among: ["inputs"]) == nil)
  }
}
