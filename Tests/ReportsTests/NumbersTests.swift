// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Reports

@Suite("Numbers") struct NumbersTests {
  @Test(
    "shares are percent with one decimal",
    arguments: [(0.7812, "78.1"), (0, "0.0"), (1, "100.0"), (-0.104, "−10.4"), (-0.0001, "0.0")])
  func percent(share: Double, expected: String) {
    #expect(Numbers.percent(share) == expected)
  }

  @Test("counts are in groups of three")
  func count() {
    #expect([0, 999, 1_000, -1_234_567].map(Numbers.count) == ["0", "999", "1,000", "−1,234,567"])
    #expect([7, 9_999, 12_300, 7_100_000].map(Numbers.short) == ["7", "9,999", "12 k", "7.1 M"])
  }

  @Test("times and sizes choose their unit")
  func units() {
    #expect(
      [0.04, 59.9, 60, 245, 4_320].map(Numbers.duration)
        == ["0.0 s", "59.9 s", "1 min 00 s", "4 min 05 s", "1 h 12 min"])
    #expect([300 << 20, 3 << 29].map(Numbers.bytes) == ["300 MiB", "1.5 GiB"])
  }

  @Test("coordinates are short")
  func place() {
    #expect(
      [1, 0.5, -2.25, 3.046, -0.001].map(Numbers.place) == ["1", "0.5", "-2.25", "3.05", "0"])
  }

  @Test("what is missing is a dash")
  func missing() {
    #expect(Numbers.percent(nil) == "—" && Numbers.percent(.nan) == "—")
    #expect(Numbers.duration(nil) == "—" && Numbers.duration(.infinity) == "—")
    #expect(Numbers.bytes(nil) == "—" && Numbers.count(nil) == "—" && Numbers.short(nil) == "—")
  }
}
