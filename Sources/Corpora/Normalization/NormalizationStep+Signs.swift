// SPDX-License-Identifier: Apache-2.0

extension NormalizationStep {
  /// Steps for what is not letters.
  static let signSteps = [
    scalars(
      "controls",
      "removes control characters, marks of direction, byte order marks and noncharacters; tabs and line "
        + "breaks become spaces",
      ascii: .bytes(ASCIISet { $0 < 0x20 || $0 == 0x7f }, runsOfSpaces: false)
    ) { value in
      switch value {
      case 0x20..<0x7f: nil
      case 0x09...0x0d, 0x85, 0x2028, 0x2029: .scalar(0x20)
      case 0..<0x20, 0x7f..<0xa0: .nothing
      case 0x61c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x206f, 0xfeff, 0xfff9...0xfffc:
        .nothing
      case 0xfdd0...0xfdef, 0xe0001: .nothing
      default: value & 0xfffe == 0xfffe ? .nothing : nil
      }
    },
    scalars(
      "invisibles",
      "removes soft hyphens, zero-width spaces and word joiners; joiners that shape letters stay"
    ) { value in
      switch value {
      case 0xad, 0x200b, 0x2060...0x2064, 0x180e, 0x34f: .nothing
      default: nil
      }
    },
    scalars("soft-hyphens", "removes soft hyphens and word joiners, not zero-width spaces") {
      $0 == 0xad || $0 == 0x2060 ? .nothing : nil
    },
    scalars("joiners", "removes zero-width joiners and non-joiners") {
      $0 == 0x200c || $0 == 0x200d ? .nothing : nil
    },
    Self(
      "spaces", "one space for white space of any kind, none at either end",
      ascii: .bytes(ASCIISet { 0x09...0x0d ~= $0 }, runsOfSpaces: true)
    ) { $0.collapsingSpaces },
    scalars("quotes", "typographic quotes and apostrophes become \" and '") { value in
      switch value {
      case 0x2018...0x201b, 0x2039, 0x203a, 0xff07: .scalar(0x27)
      case 0x201c...0x201f, 0xab, 0xbb, 0x2e42, 0xff02, 0x301d...0x301f: .scalar(0x22)
      default: nil
      }
    },
    scalars("dashes", "dashes, hyphens of all kinds and the minus sign become -") { value in
      switch value {
      case 0x2010...0x2015, 0x2212, 0x2e3a, 0x2e3b, 0xfe58, 0xfe63, 0xff0d: .scalar(0x2d)
      default: nil
      }
    },
    scalars("ellipsis", "… becomes three stops") { $0 == 0x2026 ? .text("...") : nil },
    scalars("digits", "decimal digits of any script become 0 to 9") { value in
      guard value >= 0x660, ScalarTraits[value].kind == .digit,
        let number = Unicode.Scalar(value)?.properties.numericValue
      else { return nil }
      return .scalar(0x30 + UInt32(number))
    },
    Self(
      "entities", "decodes HTML's &amp; &lt; &gt; &quot; &apos; &nbsp; and numbers as &#233;",
      ascii: .bytes(ASCIISet { $0 == UInt8(ascii: "&") }, runsOfSpaces: false)
    ) { HTMLEntities.decode($0) },
  ]
}

/// The few character references of HTML that text from pages is full of.
enum HTMLEntities {
  private static let names: [String: UInt32] = [
    "amp": 0x26, "lt": 0x3c, "gt": 0x3e, "quot": 0x22, "apos": 0x27, "nbsp": 0xa0,
    "hellip": 0x2026, "ndash": 0x2013, "mdash": 0x2014, "lsquo": 0x2018, "rsquo": 0x2019,
    "ldquo": 0x201c, "rdquo": 0x201d, "laquo": 0xab, "raquo": 0xbb, "copy": 0xa9, "reg": 0xae,
    "euro": 0x20ac, "shy": 0xad, "middot": 0xb7, "bull": 0x2022,
  ]

  static func decode(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var result: [UInt8] = []
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "&"),
        let end = bytes[index...].prefix(12).firstIndex(of: UInt8(ascii: ";")),
        let value = value(String(decoding: bytes[index + 1..<end], as: UTF8.self))
      {
        result.appendScalar(value)
        index = end + 1
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func value(_ name: String) -> UInt32? {
    guard name.utf8.first == UInt8(ascii: "#") else { return names[name] }
    let digits = name.dropFirst()
    let isHexadecimal = digits.utf8.first.map { $0 | 0x20 == UInt8(ascii: "x") } ?? false
    let value =
      isHexadecimal ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
    return value.flatMap { Unicode.Scalar($0)?.value }.flatMap { $0 == 0 ? nil : $0 }
  }
}
