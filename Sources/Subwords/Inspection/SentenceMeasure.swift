// SPDX-License-Identifier: Apache-2.0

import WritingSystems

/// Measures single sentences with one tokenizer.
struct SentenceMeasure: Sendable {
  let tokenizer: Tokenizer
  let kinds: PieceKinds

  init(_ tokenizer: Tokenizer) {
    self.tokenizer = tokenizer
    kinds = PieceKinds(tokenizer)
  }

  /// The ids of a sentence, nothing put around it.
  ///
  /// Special tokens that stand literally in it are text.
  func ids(of text: String) -> [Int32] {
    tokenizer.ids(of: text, addsSpecialTokens: false, recognizesSpecialTokens: false)
  }

  /// The counts and ids of a sentence; its scripts are added to `scripts`.
  func measure(_ text: String, scripts: inout [Int]) -> (counts: Counts, ids: [Int32]) {
    var counts = Counts()
    let encoding = try? tokenizer.encode(
      text, addsSpecialTokens: false, recognizesSpecialTokens: false,
      truncation: Truncation(maximumLength: .max), padding: Padding(target: .longest, id: 0))
    let tokens = encoding?.tokens ?? []
    counts[.sentences] = 1
    counts[.tokens] = tokens.count
    for scalar in text.unicodeScalars {
      counts[.scalars] += 1
      scripts[Int(scalar.script.rawValue)] += 1
    }
    var text = text
    text.withUTF8 { bytes in
      counts[.bytes] = bytes.count
      countWords(tokens, bytes, &counts)
      for token in tokens {
        switch kinds[token.id] {
        case .unknown:
          counts[.unknown] += 1
          counts[.unknownScalars] += UTF8Scalar.count(bytes[token.offsets])
        case .byte:
          counts[.byteTokens] += 1
          // One byte of each scalar is no continuation.
          if let byte = kinds.bytes[token.id], byte & 0xC0 != 0x80 { counts[.byteScalars] += 1 }
        default: break
        }
      }
    }
    return (counts, tokens.map(\.id))
  }

  /// Counts words, which white space parts, and those of them that are one token.
  ///
  /// A token belongs to the word in which, or in the white space before which, it begins.
  private func countWords(
    _ tokens: [EncodedToken], _ bytes: UnsafeBufferPointer<UInt8>, _ counts: inout Counts
  ) {
    var next = 0
    var index = 0
    while index < bytes.count {
      let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
      guard !UTF8Scalar.isWhitespace(scalar) else {
        index += length
        continue
      }
      var end = index
      while end < bytes.count {
        let (scalar, length) = UTF8Scalar.decode(bytes, at: end)
        guard !UTF8Scalar.isWhitespace(scalar) else { break }
        end += length
      }
      counts[.words] += 1
      let first = next
      while next < tokens.count, tokens[next].offsets.lowerBound < end { next += 1 }
      // Offsets of composed letters may end before their marks do, so only beginnings are compared.
      switch next - first {
      case 1: if kinds[tokens[first].id] == .text { counts[.wholeWords] += 1 }
      // A token that spans several words leaves none to the others: they are whole too.
      case 0 where next > 0 && tokens[next - 1].offsets.upperBound > index:
        if kinds[tokens[next - 1].id] == .text { counts[.wholeWords] += 1 }
      default: break
      }
      index = end
    }
  }
}
