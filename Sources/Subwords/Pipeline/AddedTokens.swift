// SPDX-License-Identifier: Apache-2.0

/// Tokens that are found in raw text before anything else happens to it: `<s>`, `<mask>`.
struct AddedTokens: Sendable {
  struct Token: Sendable {
    var id: Int32
    var content: [Unicode.Scalar]
    var stripsLeft: Bool
    var stripsRight: Bool
    var isSingleWord: Bool
    var isSpecial: Bool
  }

  /// A part of a text: a token, or text between tokens.
  enum Part {
    case text(Range<Int>)
    case token(Int32, Range<Int>)
  }

  /// Longest first, so that the first that fits is the longest.
  let tokens: [Token]
  private let firstScalars: Set<Unicode.Scalar>

  init(_ json: JSONValue?) throws(SubwordError) {
    var tokens: [Token] = []
    for entry in json?.array ?? [] {
      guard let id = entry["id"]?.int, let content = entry["content"]?.string, !content.isEmpty,
        let small = Int32(exactly: id), small >= 0
      else { throw SubwordError(.format, "an added token lacks its id or content") }
      guard entry["normalized"]?.bool != true || entry["special"]?.bool == true else {
        throw SubwordError(
          .unsupported,
          "the added token '\(content)' is to be found in normalised text, "
            + "which is not supported")
      }
      tokens.append(
        Token(
          id: small, content: Array(content.unicodeScalars),
          stripsLeft: entry["lstrip"]?.bool ?? false, stripsRight: entry["rstrip"]?.bool ?? false,
          isSingleWord: entry["single_word"]?.bool ?? false,
          isSpecial: entry["special"]?.bool ?? false))
    }
    self.tokens = tokens.sorted { ($1.content.count, $0.id) < ($0.content.count, $1.id) }
    firstScalars = Set(tokens.compactMap(\.content.first))
  }

  /// The parts of a text, leftmost tokens first, the longest of those that begin together.
  func parts(_ text: [Unicode.Scalar]) -> [Part] {
    var parts: [Part] = []
    var start = 0
    var index = 0
    while index < text.count {
      guard firstScalars.contains(text[index]), let token = match(text, index) else {
        index += 1
        continue
      }
      var (low, high) = (index, index + token.content.count)
      if token.stripsLeft {
        while low > start, text[low - 1].properties.isWhitespace { low -= 1 }
      }
      if token.stripsRight {
        while high < text.count, text[high].properties.isWhitespace { high += 1 }
      }
      if low > start { parts.append(.text(start..<low)) }
      parts.append(.token(token.id, low..<high))
      start = high
      index = high
    }
    if start < text.count { parts.append(.text(start..<text.count)) }
    return parts
  }

  private func match(_ text: [Unicode.Scalar], _ index: Int) -> Token? {
    tokens.first { token in
      let end = index + token.content.count
      guard end <= text.count, text[index..<end].elementsEqual(token.content) else { return false }
      guard token.isSingleWord else { return true }
      return (index == 0 || !Self.isWord(text[index - 1]))
        && (end == text.count || !Self.isWord(text[end]))
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    return properties.isAlphabetic || properties.numericType != nil || scalar == "_"
  }
}
