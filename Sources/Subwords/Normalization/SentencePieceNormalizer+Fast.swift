// SPDX-License-Identifier: Apache-2.0

extension SentencePieceNormalizer {
  /// Appends the normalised form of `text`, valid UTF-8, to `output`: the same bytes as
  /// ``normalize(_:)`` gives, without alignment.
  ///
  /// Stretches that no rule touches are copied; only the scalars between them are looked up.
  func append(_ text: UnsafeBufferPointer<UInt8>, to output: ByteBuffer) {
    guard let base = text.baseAddress else { return }
    let first = output.count
    let end = text.count
    output.reserve(end + end / 2 + 16)
    map.trie.units.withUnsafeBufferPointer { units in
      map.replacements.withUnsafeBufferPointer { replacements in
        var writer = Writer(self, output)
        var index = 0
        while index < end {
          let plain = plainEnd(base, index, end)
          if plain > index {
            writer.copy(base + index, plain - index)
            index = plain
            continue
          }
          if base[index] == 0x20, spaceIsPlain {
            writer.space()
            index += 1
            continue
          }
          let (length, right) = match(text, units, at: index)
          let source = right.map { replacements[$0] } ?? text[index..<index + length]
          writer.step(source)
          index += length
        }
        writer.finish(from: first)
      }
    }
  }

  @inline(__always)
  private func plainEnd(_ text: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
    map.plainEnd(text, start, end, protectedStarts?.elements.baseAddress)
  }

  /// Appends a mark and a word that no rule touches and that has no mark; false if it is none.
  @inline(__always)
  func copyPlain(_ word: UnsafeBufferPointer<UInt8>, to output: ByteBuffer) -> Bool {
    guard let base = word.baseAddress, plainEnd(base, 0, word.count) == word.count else {
      return false
    }
    output.reserve(word.count + 3)
    output.appendMark()
    output.append(base, word.count)
    return true
  }

  /// The spaces of the result: which are put in, and which left out.
  private struct Writer {
    private let output: ByteBuffer
    private let addsPrefix: Bool
    private let addsSuffix: Bool
    private let removesExtra: Bool
    private let escapes: Bool
    private var isAfterSpace: Bool
    private var hasBegun = false

    init(_ settings: SentencePieceNormalizer, _ output: ByteBuffer) {
      self.output = output
      addsPrefix = settings.addsDummyPrefix && !settings.treatsWhitespaceAsSuffix
      addsSuffix = settings.addsDummyPrefix && settings.treatsWhitespaceAsSuffix
      removesExtra = settings.removesExtraWhitespaces
      escapes = settings.escapesWhitespaces
      isAfterSpace = settings.removesExtraWhitespaces
    }

    @inline(__always)
    private mutating func begin() {
      guard !hasBegun else { return }
      hasBegun = true
      if addsPrefix { mark() }
    }

    @inline(__always)
    private func mark() {
      if escapes { output.appendMark() } else { output.append(0x20) }
    }

    @inline(__always)
    mutating func copy(_ start: UnsafePointer<UInt8>, _ count: Int) {
      begin()
      output.append(start, count)
      isAfterSpace = false
    }

    @inline(__always)
    mutating func space() {
      if isAfterSpace { return }
      begin()
      mark()
      isAfterSpace = removesExtra
    }

    /// The result of a rule, or a scalar as it stands.
    mutating func step(_ source: Slice<UnsafeBufferPointer<UInt8>>) {
      // While only single spaces have come, leading ones are passed over.
      if !hasBegun {
        if removesExtra, source.count == 1, source.first == 0x20 { return }
        begin()
      }
      var piece = source
      while isAfterSpace, piece.first == 0x20 { piece = piece.dropFirst() }
      for byte in piece { if byte == 0x20 { mark() } else { output.append(byte) } }
      if let last = piece.last { isAfterSpace = last == 0x20 }
      if !removesExtra { isAfterSpace = false }
    }

    func finish(from first: Int) {
      guard hasBegun else { return }
      if removesExtra {
        if escapes {
          while output.count - first >= 3, output.endsWithMark { output.removeLast(3) }
        } else {
          while output.count > first, output.bytes[output.count - 1] == 0x20 {
            output.removeLast(1)
          }
        }
      }
      if addsSuffix { mark() }
    }
  }
}
