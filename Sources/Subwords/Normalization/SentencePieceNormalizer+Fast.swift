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
        protectedStarts.withUnsafeBufferPointer { starts in
          var writer = Writer(self, output)
          var index = 0
          while index < end {
            let plain = map.plainEnd(base, index, end, starts.baseAddress)
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
  }

  /// The spaces of the result: which are put in, and which left out.
  private struct Writer {
    let settings: SentencePieceNormalizer
    let output: ByteBuffer
    var isAfterSpace: Bool
    var hasBegun = false

    init(_ settings: SentencePieceNormalizer, _ output: ByteBuffer) {
      self.settings = settings
      self.output = output
      isAfterSpace = settings.removesExtraWhitespaces
    }

    @inline(__always)
    private mutating func begin() {
      guard !hasBegun else { return }
      hasBegun = true
      if settings.addsDummyPrefix, !settings.treatsWhitespaceAsSuffix { mark() }
    }

    @inline(__always)
    private func mark() {
      if settings.escapesWhitespaces { output.appendMark() } else { output.append(0x20) }
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
      isAfterSpace = settings.removesExtraWhitespaces
    }

    /// The result of a rule, or a scalar as it stands.
    mutating func step(_ source: Slice<UnsafeBufferPointer<UInt8>>) {
      // While only single spaces have come, leading ones are passed over.
      if !hasBegun {
        if settings.removesExtraWhitespaces, source.count == 1, source.first == 0x20 { return }
        begin()
      }
      var piece = source
      while isAfterSpace, piece.first == 0x20 { piece = piece.dropFirst() }
      for byte in piece { if byte == 0x20 { mark() } else { output.append(byte) } }
      if let last = piece.last { isAfterSpace = last == 0x20 }
      if !settings.removesExtraWhitespaces { isAfterSpace = false }
    }

    func finish(from first: Int) {
      guard hasBegun else { return }
      if settings.removesExtraWhitespaces {
        if settings.escapesWhitespaces {
          while output.count - first >= 3, output.endsWithMark { output.removeLast(3) }
        } else {
          while output.count > first, output.bytes[output.count - 1] == 0x20 {
            output.removeLast(1)
          }
        }
      }
      if settings.treatsWhitespaceAsSuffix, settings.addsDummyPrefix { mark() }
    }
  }
}
