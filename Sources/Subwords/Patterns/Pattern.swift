// SPDX-License-Identifier: Apache-2.0

/// A regular expression in the syntax of tokenizer.json (Oniguruma's for Ruby).
///
/// It matches over UTF-8 bytes; nothing is captured. Two are equal if their texts are.
public struct Pattern: Sendable, Equatable {
  /// The expression.
  public let text: String
  private let program: PatternProgram

  /// Reads an expression.
  ///
  /// Throws ``SubwordError/Code/unsupported`` that names what is not known: back-references, calls of
  /// groups, look-behind of varying length, unknown properties.
  public init(_ text: String) throws(SubwordError) {
    self.text = text
    program = try PatternProgram(try PatternParser.parse(text))
  }

  /// Compares the texts scalar by scalar.
  public static func == (left: Pattern, right: Pattern) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Calls `found` for each match in `bytes[range]`, from the left, none reaching into the next; an
  /// empty match that touches the one before is passed over.
  func forEachMatch(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ found: (Range<Int>) -> Void
  ) {
    var matcher = PatternMatcher(program, bytes, range)
    var start = range.lowerBound
    var last = -1
    while start <= range.upperBound, let match = matcher.search(from: start) {
      if match.isEmpty {
        if match.lowerBound != last { found(match) }
        guard match.upperBound < range.upperBound else { return }
        start = match.upperBound + UTF8Scalar.length(leading: bytes[match.upperBound])
      } else {
        found(match)
        start = match.upperBound
      }
      last = match.upperBound
    }
  }

  /// The matches in a text, as ranges of its UTF-8 bytes.
  public func matches(in text: String) -> [Range<Int>] {
    var result = [Range<Int>]()
    let bytes = Array(text.utf8)
    bytes.withUnsafeBufferPointer { bytes in
      forEachMatch(bytes, 0..<bytes.count) { result.append($0) }
    }
    return result
  }
}
