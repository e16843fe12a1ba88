// SPDX-License-Identifier: Apache-2.0

/// The stages of tokenizer.json word by word, where they are those of SentencePiece's kin (XLM-R, T5): a
/// charsmap, nothing else but what concerns spaces that are not single, and ``Metaspace``.
///
/// A word that is in memory as it stands in the text goes through no stage at all. Text that is not simple, with
/// spaces at its ends or side by side, or with what may be an added token, is left to the stages.
final class MetaspaceEncoder: Sendable {
  private let map: CharacterMap
  private let mark: [UInt8]
  /// Whether the mark is the usual one, which no text has that the map calls plain.
  private let isMarkUsual: Bool
  /// Whether the first word gets a mark; all others have one.
  private let marksFirst: Bool
  /// Whether the first word gets it only if what stands first in the text is left of it.
  private let asksForOrigin: Bool
  private let model: SubwordModel
  /// The bytes that an added token may begin with.
  private let addedStarts: FixedArray<Bool>

  /// Nil where the stages are others.
  init?(_ configuration: TokenizerConfiguration, _ added: AddedVocabulary) {
    guard let map = Self.map(of: configuration.normalizer),
      map.classes.count > 0, !map.readsSpaces,
      let metaspace = Self.metaspace(of: configuration.preTokenizer),
      configuration.model.kinds.isEmpty
    else { return nil }
    let starts = added.starts
    guard !starts[0x20] else { return nil }
    self.map = map
    mark = Array(metaspace.replacement.utf8)
    isMarkUsual = mark.elementsEqual([0xE2, 0x96, 0x81])
    marksFirst = metaspace.prependScheme != .never
    asksForOrigin = metaspace.prependScheme == .first
    model = configuration.model
    addedStarts = FixedArray(starts)
  }

  /// The charsmap of a normaliser that does nothing else to text whose spaces are single and inside.
  private static func map(of normalizer: Normalizer?) -> CharacterMap? {
    let parts: [Normalizer] =
      switch normalizer {
      case .sequence(let parts): parts
      case .some(let part): [part]
      case nil: []
      }
    var maps = [CharacterMap]()
    for part in parts {
      switch part {
      case .precompiled(let map): maps.append(map)
      case .strip: break
      case .replace(.regex(let pattern), _) where pattern.text == " {2,}": break
      case .replace(.literal("  "), _): break
      default: return nil
      }
    }
    guard maps.count < 2 else { return nil }
    return maps.first ?? (try? CharacterMap(blob: []))
  }

  private static func metaspace(of preTokenizer: PreTokenizer?) -> Metaspace? {
    switch preTokenizer {
    case .metaspace(let metaspace) where metaspace.splits: metaspace
    case .sequence(let parts):
      if parts.count == 2, parts[0] == .whitespaceSplit, case .metaspace(let metaspace) = parts[1],
        metaspace.prependScheme == .always
      {
        metaspace
      } else {
        nil
      }
    default: nil
    }
  }

  /// Appends the ids of a text, valid UTF-8; false, with nothing appended, where it is not simple.
  ///
  /// - Parameter limit: so many ids are enough.
  func append(
    _ text: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch, to sink: inout IDSink,
    limit: Int?
  ) -> Bool {
    let first = sink.count
    let isDone =
      switch model {
      case .unigram(let model):
        forEachWord(text, &scratch, sink, limit) { (entry, _: inout ModelScratch) in
          var score = 0.0
          return model.appendKnown(entry, &score, to: &sink)
        } new: { word, key, scratch in
          var score = 0.0
          model.appendNew(word, 0..<word.count, key, &scratch, &score, to: &sink)
        }
      case .bytePair(let model):
        forEachWord(text, &scratch, sink, limit) { (entry, _: inout ModelScratch) in
          sink.append(entry.ids)
          return true
        } new: { word, key, scratch in
          model.appendNew(word, 0..<word.count, key, &scratch, to: &sink)
        }
      case .wordPiece, .wordLevel, .plain: false
      }
    if !isDone { sink.removeLast(sink.count - first) }
    return isDone
  }

  /// Goes through a text word by word; false where it is not simple.
  ///
  /// - Parameters:
  ///   - known: gets a word that is in memory as it stands; returns false if what is known does not hold here.
  ///   - new: gets any other word, normalised with its mark, and under what to keep it.
  @inline(__always)
  private func forEachWord(
    _ text: UnsafeBufferPointer<UInt8>, _ scratch: inout ModelScratch, _ sink: IDSink,
    _ limit: Int?, known: (WordCache.Entry, inout ModelScratch) -> Bool,
    new: (UnsafeBufferPointer<UInt8>, WordCache.Key?, inout ModelScratch) -> Void
  ) -> Bool {
    guard let base = text.baseAddress, text.count > 0 else { return false }
    let words = scratch.words
    let normal = scratch.normal
    let begun = sink.count
    let end = text.count
    var start = 0
    var isMarked = marksFirst
    while true {
      let stop = SpacedWords.end(base, start, end)
      let count = stop &- start
      // A space at an end, or a second one.
      guard count > 0 else { return false }
      var key: WordCache.Key?
      var isKnown = false
      let isFirst = start == 0
      if isMarked, count <= WordCache.longestKey, !(isFirst && asksForOrigin) {
        let raw = WordCache.Key(base + start, count, kind: .raw)
        if let entry = words.find(raw) {
          isKnown = known(entry, &scratch)
        } else {
          key = raw
        }
      }
      if !isKnown {
        normal.removeAll()
        if isMarked { for byte in mark { normal.append(byte) } }
        let word = UnsafeBufferPointer(start: base + start, count: count)
        guard normalize(word, isFirst: isFirst, to: normal) else { return false }
        new(normal.bytes, key, &scratch)
      }
      guard stop < end else { return true }
      if let limit, sink.count - begun >= limit { return true }
      isMarked = true
      start = stop &+ 1
    }
  }

  /// Appends a word as it is after all stages; false if it takes a look at the whole text to tell.
  @inline(__always)
  private func normalize(
    _ word: UnsafeBufferPointer<UInt8>, isFirst: Bool, to output: ByteBuffer
  ) -> Bool {
    guard let base = word.baseAddress, let starts = addedStarts.elements.baseAddress else {
      return false
    }
    for byte in word where starts[Int(byte)] { return false }
    guard isMarkUsual, map.plainEnd(base, 0, word.count, nil) == word.count else {
      return !(isFirst && asksForOrigin) && normalizeByRules(word, to: output)
    }
    output.append(base, word.count)
    return true
  }

  private func normalizeByRules(
    _ word: UnsafeBufferPointer<UInt8>, to output: ByteBuffer
  ) -> Bool {
    let space: UInt32 = 0x20
    var last = word.count - 1
    while last > 0, word[last] & 0xC0 == 0x80 { last -= 1 }
    // A rule may be about a cluster: it must not reach across the spaces on either side.
    guard ClusterBreaks.breaks(between: space, and: UTF8Scalar.decode(word, at: 0).0),
      ClusterBreaks.breaks(between: UTF8Scalar.decode(word, at: last).0, and: space)
    else { return false }
    let normal = map.normalizeClusters(AlignedText(word, origin: 0, isAligned: false))
    return normal.bytes.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        let (scalar, length) = UTF8Scalar.decode(bytes, at: index)
        // Added tokens are also looked for in normalised text.
        if UTF8Scalar.isWhitespace(scalar) || addedStarts[Int(bytes[index])] { return false }
        if bytes[index...].starts(with: mark) { return false }
        index += length
      }
      guard let base = bytes.baseAddress, !bytes.isEmpty else { return false }
      output.append(base, bytes.count)
      return true
    }
  }
}
