// SPDX-License-Identifier: Apache-2.0

/// Takes out text that was damaged on its way: U+FFFD, controls, UTF-8 that was read as Latin-1.
public struct EncodingFilter: TextFilter {
  /// What it is called and what can be set.
  public static let specification = FilterSpecification(
    "encoding", "U+FFFD, control and private characters, UTF-8 read as Latin-1 (Ã¤, â€™)",
    [
      .init("max-replacements", 0, "most U+FFFD"),
      .init("max-controls", 0, "most control, private and unassigned characters"),
      .init("max-misread", 1, "most letters read in the wrong encoding"),
    ])

  private let replacements: Double
  private let controls: Double
  private let misread: Double

  /// The filter with its parameters set.
  public init(_ values: FilterValues) {
    replacements = values["max-replacements"]
    controls = values["max-controls"]
    misread = values["max-misread"]
  }

  /// Why the candidate is not fit; nil where it is.
  public func reason(_ candidate: FilterCandidate) -> String? {
    candidate.firstReason { index in
      let profile = candidate.profiles[index]
      if Double(profile.replacements) > replacements { return "\(profile.replacements) U+FFFD" }
      if Double(profile.controls) > controls {
        return "\(profile.controls) control or unassigned characters"
      }
      let count = profile.bytes == profile.scalars ? 0 : Self.misread(candidate.texts[index])
      return Double(count) > misread ? "\(count) letters read in the wrong encoding" : nil
    }
  }

  /// How often a byte pair of UTF-8 stands as two letters of Latin-1 or Windows-1252.
  private static func misread(_ text: [UInt8]) -> Int {
    var count = 0
    var last: UInt32 = 0
    text.withUnsafeBufferPointer { text in
      var index = 0
      while index < text.count {
        let value = decodeScalar(text, at: &index)
        switch last {
        // Ã and Â with what a second byte looks like, where no word has it.
        case 0xc2, 0xc3: if isSecondByte(value) { count += 1 }
        // â and the euro sign begin every quote and dash.
        case 0xe2: if value == 0x20ac || value == 0x80 { count += 1 }
        // Ð and Ñ with a second byte: Cyrillic.
        case 0xd0, 0xd1: if isSecondByte(value) { count += 1 }
        default: break
        }
        last = value
      }
    }
    return count
  }

  /// What the bytes 0x80 to 0xBF are in Latin-1, or in Windows-1252 where letters and signs are.
  private static func isSecondByte(_ value: UInt32) -> Bool {
    switch value {
    case 0x80...0xbf, 0x152, 0x153, 0x160, 0x161, 0x178, 0x17d, 0x17e, 0x192, 0x2c6, 0x2dc,
      0x2018...0x2122:
      true
    default: false
    }
  }
}

/// Takes out text that is signs and figures more than words.
public struct SymbolsFilter: TextFilter {
  /// What it is called and what can be set.
  public static let specification = FilterSpecification(
    "symbols", "signs and figures more than letters",
    [
      .init("min-letters", 0.25, "least share of letters and marks among what is no space"),
      .init("max-digits", 0.5, "largest share of digits among what is no space"),
      .init("max-symbols", 0.4, "largest share of symbols: arrows, stars, emoji, currencies"),
    ])

  private let letters: Double
  private let digits: Double
  private let symbols: Double

  /// The filter with its parameters set.
  public init(_ values: FilterValues) {
    letters = values["min-letters"]
    digits = values["max-digits"]
    symbols = values["max-symbols"]
  }

  /// Why the candidate is not fit; nil where it is.
  public func reason(_ candidate: FilterCandidate) -> String? {
    candidate.firstReason { index in
      let profile = candidate.profiles[index]
      let filled = Double(max(1, profile.scalars - profile.spaces))
      let letterShare = Double(profile.letters) / filled
      if letterShare < letters { return "\(brief(100 * letterShare)) % letters" }
      let digitShare = Double(profile.digits) / filled
      if digitShare > digits { return "\(brief(100 * digitShare)) % digits" }
      let symbolShare = Double(profile.symbols) / filled
      return symbolShare > symbols ? "\(brief(100 * symbolShare)) % symbols" : nil
    }
  }
}
