// SPDX-License-Identifier: Apache-2.0

/// Finds added tokens in text.
///
/// First come those that want the text as it is, then, in what is left,
/// those that want it normalised. Of two at the same place the longer one wins.
struct AddedVocabulary: Sendable {
  let tokens: [AddedToken]
  private let raw: PieceTrie
  private let normalized: PieceTrie
  private let hasNormalized: Bool
  private let hasRaw: Bool
  /// The bytes that a raw token may begin with.
  private let rawStarts: [Bool]
  /// The bytes that any token may begin with, in the text or normalised.
  let starts: [Bool]

  init(_ tokens: [AddedToken], normalizer: Normalizer?) throws(SubwordError) {
    self.tokens = tokens
    var rawEntries = [(key: ArraySlice<UInt8>, value: Int32)]()
    var normalizedEntries = rawEntries
    for (index, token) in tokens.enumerated() {
      if token.isNormalized {
        let content = normalizer?.normalize(token.content) ?? token.content
        normalizedEntries.append((Array(content.utf8)[...], Int32(index)))
      } else {
        rawEntries.append((Array(token.content.utf8)[...], Int32(index)))
      }
    }
    raw = try PieceTrie(rawEntries)
    normalized = try PieceTrie(normalizedEntries)
    hasRaw = !rawEntries.isEmpty
    hasNormalized = !normalizedEntries.isEmpty
    var starts = Array(repeating: false, count: 256)
    for entry in rawEntries { if let first = entry.key.first { starts[Int(first)] = true } }
    rawStarts = starts
    for entry in normalizedEntries { if let first = entry.key.first { starts[Int(first)] = true } }
    self.starts = starts
  }

  /// Cuts `text` at added tokens and normalises the rest.
  func extract(
    from text: AlignedText, normalizer: Normalizer?, recognizesSpecial: Bool
  ) -> PreTokenizedText {
    var output = PreTokenizedText(isAligned: text.isAligned)
    let parts =
      hasRaw && text.bytes.contains { rawStarts[Int($0)] }
      ? split(text, by: raw, recognizesSpecial) : [(text, Int32(-1))]
    for (stretch, token) in parts {
      guard token < 0 else {
        output.append(stretch, token: token)
        continue
      }
      var normal = normalizer?.normalize(stretch) ?? stretch
      if let start = normal.starts.first { normal.origin = start }
      guard hasNormalized else {
        output.append(normal)
        continue
      }
      for (part, token) in split(normal, by: normalized, recognizesSpecial) {
        output.append(part, token: token)
      }
    }
    return output
  }

  private func split(
    _ text: AlignedText, by trie: PieceTrie, _ recognizesSpecial: Bool
  ) -> [(AlignedText, Int32)] {
    var parts = [(AlignedText, Int32)]()
    var done = 0
    let append = { (range: Range<Int>, id: Int32) in
      guard !range.isEmpty else { return }
      var part = AlignedText(isAligned: text.isAligned)
      part.origin =
        range.lowerBound == 0
        ? text.origin
        : text.isAligned ? text.starts[range.lowerBound] : text.origin + Int32(range.lowerBound)
      part.append(text, range)
      parts.append((part, id))
    }
    text.bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        guard let (length, number) = match(bytes, at: index, trie) else {
          index += 1
          continue
        }
        let token = tokens[Int(number)]
        let matched = index..<index + length
        index += length
        if token.isSpecial, !recognizesSpecial { continue }
        if token.isSingleWord, touchesWord(bytes, matched) { continue }
        var (start, end) = (matched.lowerBound, matched.upperBound)
        if token.stripsLeft { start = max(done, skipSpaces(bytes, before: start)) }
        if token.stripsRight { end = skipSpaces(bytes, after: end) }
        start = max(start, done)
        guard end > start else { continue }
        append(done..<start, -1)
        append(start..<end, token.id)
        done = end
        index = max(index, done)
      }
    }
    append(done..<text.count, -1)
    return parts
  }

  private func match(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, _ trie: PieceTrie
  ) -> (Int, Int32)? {
    trie.trie.units.withUnsafeBufferPointer { units in
      var state = trie.trie.root
      var result: (Int, Int32)?
      var index = start
      while index < bytes.count, let found = DoubleArray.step(units, &state, bytes[index]) {
        index += 1
        if found >= 0, Int(found) < tokens.count { result = (index - start, found) }
      }
      return result
    }
  }

  private func touchesWord(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    if range.upperBound < bytes.count,
      isWord(UTF8Scalar.decode(bytes, at: range.upperBound).0)
    {
      return true
    }
    guard range.lowerBound > 0 else { return false }
    return isWord(UTF8Scalar.decode(bytes, at: scalarStart(bytes, before: range.lowerBound)).0)
  }

  private func isWord(_ code: UInt32) -> Bool { CharacterKinds.isWord(code) }

  private func scalarStart(_ bytes: UnsafeBufferPointer<UInt8>, before end: Int) -> Int {
    var index = end - 1
    while index > 0, bytes[index] & 0xC0 == 0x80 { index -= 1 }
    return index
  }

  private func skipSpaces(_ bytes: UnsafeBufferPointer<UInt8>, before end: Int) -> Int {
    var end = end
    while end > 0 {
      let start = scalarStart(bytes, before: end)
      guard UTF8Scalar.isWhitespace(UTF8Scalar.decode(bytes, at: start).0) else { break }
      end = start
    }
    return end
  }

  private func skipSpaces(_ bytes: UnsafeBufferPointer<UInt8>, after start: Int) -> Int {
    var start = start
    while start < bytes.count {
      let (scalar, length) = UTF8Scalar.decode(bytes, at: start)
      guard UTF8Scalar.isWhitespace(scalar) else { break }
      start += length
    }
    return start
  }
}
