// SPDX-License-Identifier: Apache-2.0

extension Tokenizer {
  /// SentencePiece's normaliser straight into the model.
  func appendWholeIDs(
    _ text: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch, to sink: inout IDSink
  ) {
    guard case .sentencePiece(let normalizer) = configuration.normalizer else { return }
    scratch.normal.removeAll()
    normalizer.append(text, to: scratch.normal)
    let bytes = scratch.normal.bytes
    configuration.model.appendIDs(bytes, 0..<bytes.count, &scratch, to: &sink)
  }

  /// The same word by word: a word that is in memory as it stands is neither normalised nor cut.
  func appendWordIDs(
    _ text: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch, to sink: inout IDSink
  ) {
    guard case .sentencePiece(let normalizer) = configuration.normalizer,
      let base = text.baseAddress
    else { return }
    var marking = normalizer
    marking.addsDummyPrefix = true
    let end = text.count
    var score = 0.0
    // The first word that leaves anything may stand without a mark.
    var isMarked = normalizer.addsDummyPrefix
    var index = 0
    while true {
      while index < end, base[index] == 0x20 { index &+= 1 }
      guard index < end else { return }
      let start = index
      while index < end, base[index] != 0x20 { index &+= 1 }
      let count = index &- start
      var key: WordCache.Key?
      if isMarked, count <= WordCache.longestKey {
        let raw = WordCache.Key(base + start, count, kind: .raw)
        if let entry = scratch.words.find(raw) {
          if appendKnown(entry, scratch.words, &score, to: &sink) { continue }
        } else {
          key = raw
        }
      }
      scratch.normal.removeAll()
      let word = UnsafeBufferPointer(start: base + start, count: count)
      if isMarked {
        marking.append(word, to: scratch.normal)
      } else {
        normalizer.append(word, to: scratch.normal)
      }
      let normal = scratch.normal.bytes
      guard normal.count > 0 else { continue }
      isMarked = true
      appendNew(normal, &scratch, &score, key, to: &sink)
    }
  }

  @inline(__always)
  private func appendKnown(
    _ entry: WordCache.Entry, _ words: WordCache, _ score: inout Double, to sink: inout IDSink
  ) -> Bool {
    if case .unigram(let model) = configuration.model {
      return model.appendKnown(entry, words, &score, to: &sink)
    }
    sink.append(words.ids(of: entry))
    return true
  }

  private func appendNew(
    _ normal: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch, _ score: inout Double,
    _ key: WordCache.Key?, to sink: inout IDSink
  ) {
    let range = 0..<normal.count
    switch configuration.model {
    case .unigram(let model):
      model.appendIDs(normal, range, &scratch, score: &score, key: key, to: &sink)
    case .bytePair(let model): model.appendIDs(normal, range, &scratch, key: key, to: &sink)
    default: configuration.model.appendIDs(normal, range, &scratch, to: &sink)
    }
  }
}
