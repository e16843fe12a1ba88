// SPDX-License-Identifier: Apache-2.0

extension Encoding {
  /// Takes the spaces at the ends of tokens out of their offsets, as byte-level processors do.
  mutating func trimOffsets(_ settings: ByteLevel) {
    for index in tokens.indices {
      let scalars = tokens[index].piece.unicodeScalars
      var leading = scalars.prefix(while: Self.isSpace).count
      let trailing = scalars.reversed().prefix(while: Self.isSpace).count
      var (start, end) = (tokens[index].offsets.lowerBound, tokens[index].offsets.upperBound)
      if leading > 0 {
        // A single space in front of the first token was put there and is in no offset.
        if settings.addsPrefixSpace, index == 0 || start == 0, leading == 1 { leading = 0 }
        start = min(start + leading, end)
      }
      if trailing > 0, end >= trailing { end = max(end - trailing, start) }
      tokens[index].offsets = start..<end
    }
  }

  private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0x120 || UTF8Scalar.isWhitespace(scalar.value)
  }
}
