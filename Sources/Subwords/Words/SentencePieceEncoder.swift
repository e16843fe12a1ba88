// SPDX-License-Identifier: Apache-2.0

/// SentencePiece's normaliser straight into a model.
///
/// Where pieces and rules stay within words it goes word by word: a word that is in memory as it stands in the
/// text is neither normalised nor cut.
final class SentencePieceEncoder: Sendable {
  private let normalizer: SentencePieceNormalizer
  /// The same, which puts a mark before every word.
  private let marking: SentencePieceNormalizer
  private let model: SubwordModel

  private let separatesWords: Bool

  init(_ normalizer: SentencePieceNormalizer, _ model: SubwordModel) {
    separatesWords = model.separatesWords && normalizer.separatesWords
    self.normalizer = normalizer
    self.model = model
    var marking = normalizer
    marking.addsDummyPrefix = true
    self.marking = marking
  }

  /// Appends the ids of a text, valid UTF-8.
  func append(
    _ text: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch, to sink: inout IDSink
  ) {
    let first = sink.count
    var isDone = false
    if separatesWords {
      switch model {
      case .unigram(let model):
        var score = 0.0
        isDone = forEachWord(text, &scratch) { (entry, _: inout ModelScratch) in
          model.appendKnown(entry, &score, to: &sink)
        } new: { word, isPlain, key, scratch in
          if isPlain {
            model.appendNew(word, 0..<word.count, key, &scratch, &score, to: &sink)
          } else {
            model.appendIDs(word, 0..<word.count, &scratch, score: &score, key: key, to: &sink)
          }
        }
      case .bytePair(let model):
        isDone = forEachWord(text, &scratch) { (entry, _: inout ModelScratch) in
          sink.append(entry.ids)
          return true
        } new: { word, isPlain, key, scratch in
          if isPlain {
            model.appendNew(word, 0..<word.count, key, &scratch, to: &sink)
          } else {
            model.appendIDs(word, 0..<word.count, &scratch, key: key, to: &sink)
          }
        }
      case .wordPiece, .wordLevel, .plain: break
      }
    }
    if isDone { return }
    sink.removeLast(sink.count - first)
    scratch.normal.removeAll()
    normalizer.append(text, to: scratch.normal)
    let bytes = scratch.normal.bytes
    model.appendIDs(bytes, 0..<bytes.count, &scratch, to: &sink)
  }

  /// Goes through a text word by word.
  ///
  /// - Parameters:
  ///   - known: gets a word that is in memory as it stands; returns false if what is known does not hold here.
  ///   - new: gets any other word, normalised with its mark; whether it is one word for certain; and under what
  ///     to keep it.
  /// - Returns: false where the text has a mark of its own, which is like a space that stays: words alone do
  ///   not tell what becomes of it.
  @inline(__always)
  private func forEachWord(
    _ text: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch,
    known: (WordCache.Entry, inout ModelScratch) -> Bool,
    new: (UnsafeBufferPointer<UInt8>, Bool, WordCache.Key?, inout ModelScratch) -> Void
  ) -> Bool {
    guard let base = text.baseAddress else { return true }
    let words = scratch.words
    let normal = scratch.normal
    let end = text.count
    // The first word that leaves anything may stand without a mark.
    var isMarked = normalizer.addsDummyPrefix
    var index = 0
    while true {
      while index < end, base[index] == 0x20 { index &+= 1 }
      guard index < end else { return true }
      let start = index
      index = SpacedWords.end(base, start, end)
      let count = index &- start
      var key: WordCache.Key?
      if isMarked, count <= WordCache.longestKey {
        let raw = WordCache.Key(base + start, count, kind: .raw)
        if let entry = words.find(raw) {
          if known(entry, &scratch) { continue }
        } else {
          key = raw
        }
      }
      normal.removeAll()
      let word = UnsafeBufferPointer(start: base + start, count: count)
      let isPlain = isMarked && marking.copyPlain(word, to: normal)
      if !isPlain {
        if SpacedWords.hasMark(word) { return false }
        (isMarked ? marking : normalizer).append(word, to: normal)
        if normal.count == 0 { continue }
      }
      isMarked = true
      new(normal.bytes, isPlain, key, &scratch)
    }
  }
}
