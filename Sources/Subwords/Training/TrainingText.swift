// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// The text that a vocabulary is learned from: languages with the counts of their words, in bounded memory.
///
/// Lines are added block by block and forgotten; what stays are the distinct words of each language. Where these
/// outgrow the memory they are put aside in files and merged at the end, so the result does not depend on the memory,
/// the threads or how the text was cut into blocks.
public final class TrainingText {
  /// What was read for one language.
  public struct Language: Sendable, Equatable {
    /// The name that the caller gave; empty where there is only one.
    public let name: String
    /// Lines that were taken.
    public internal(set) var lines = 0
    /// Their bytes.
    public internal(set) var bytes = 0
    /// Lines passed over because they are longer than `max_sentence_length`.
    public internal(set) var longLines = 0
  }

  /// The normaliser and the rules.
  let normalizer: SentencePieceNormalizer
  let splitter: WordSplitter
  /// What cuts words for WordPiece, in place of both.
  private let bert: BertNormalizer?
  /// What cuts text for a vocabulary in use, in place of all of them.
  private let tokenizer: Tokenizer?
  let trainer: TrainerSpecification
  let threads: Int
  /// Memory for all tables, in bytes.
  let memory: Int
  /// The languages in the order in which they came.
  public private(set) var languages: [Language] = []
  private var tallies: [[SpilledTally]] = []
  private let cutsBeforeNormalizing: Bool

  /// Makes a text without lines.
  ///
  /// - Parameters:
  ///   - trainer: its `split_by_*` rules, symbols and `max_sentence_length` (bytes) decide what is a word.
  ///   - normalizer: what lines go through first.
  ///   - memory: what the tables of words may take, in bytes; the default is half a gigabyte.
  ///   - threads: how many threads read.
  public convenience init(
    _ trainer: TrainerSpecification, normalizer: SentencePieceNormalizer,
    memory: Int = 1 << 29, threads: Int = 1
  ) throws(SubwordError) {
    try self.init(trainer, normalizer, nil, nil, memory, threads)
  }

  /// Makes a text without lines whose words are BERT's: cut at spaces and around punctuation and ideographs.
  ///
  /// Parameters are those of the other initialiser.
  public convenience init(
    bert: BertNormalizer, _ trainer: TrainerSpecification = TrainerSpecification(),
    memory: Int = 1 << 29, threads: Int = 1
  ) throws(SubwordError) {
    try self.init(
      trainer, SentencePieceNormalizer(map: try CharacterMap(rules: [])), bert, nil, memory, threads
    )
  }

  /// Makes a text without lines whose words are what a tokenizer hands to its model: text goes through its normaliser,
  /// added tokens and pre-tokeniser.
  ///
  /// A whole line counts as one until then, so lines take more memory and time than words do. Other parameters are those of
  /// the first initialiser.
  public convenience init(
    tokenizer: Tokenizer, _ trainer: TrainerSpecification = TrainerSpecification(),
    memory: Int = 1 << 29, threads: Int = 1
  ) throws(SubwordError) {
    try self.init(
      trainer, SentencePieceNormalizer(map: try CharacterMap(rules: [])), nil, tokenizer, memory,
      threads)
  }

  private init(
    _ trainer: TrainerSpecification, _ normalizer: SentencePieceNormalizer, _ bert: BertNormalizer?,
    _ tokenizer: Tokenizer?, _ memory: Int, _ threads: Int
  ) throws(SubwordError) {
    self.trainer = trainer
    self.bert = bert
    self.tokenizer = tokenizer
    var normalizer = normalizer
    normalizer.treatsWhitespaceAsSuffix = trainer.treatsWhitespaceAsSuffix
    self.normalizer = normalizer
    splitter = try WordSplitter(trainer)
    self.threads = max(1, threads)
    self.memory = memory
    // What stands between two spaces is normalised by itself, once for all places where it stands.
    cutsBeforeNormalizing =
      bert != nil
      || tokenizer == nil && normalizer.addsDummyPrefix && normalizer.removesExtraWhitespaces
        && normalizer.escapesWhitespaces && trainer.splitsByWhitespace
        && !trainer.allowsWhitespaceOnlyPieces && !trainer.treatsWhitespaceAsSuffix
        && !(trainer.userDefinedSymbols + trainer.controlSymbols).contains {
          $0.utf8.contains(0x20)
        }
        && !normalizer.map.readsSpaces
  }

  /// The number of a language; a new name gets the next one.
  public func language(named name: String) -> Int {
    if let index = languages.firstIndex(where: { $0.name == name }) { return index }
    languages.append(Language(name: name))
    tallies.append([])
    return languages.count - 1
  }

  /// Adds lines, each ended by U+000A (the last one may lack it), in valid UTF-8.
  ///
  /// - Throws: ``SubwordError/Code/malformed`` with the offset where bytes are not UTF-8.
  public func add(_ block: UnsafeBufferPointer<UInt8>, language: Int) throws(SubwordError) {
    if let place = UTF8Scalar.firstIllFormed(block) {
      throw SubwordError(.malformed, "expected UTF-8, found other bytes", at: "byte \(place)")
    }
    let parts = Self.parts(of: block, count: block.count < 1 << 16 ? 1 : threads)
    while tallies[language].count < parts.count {
      let limit = memory / 2 / threads / max(4, languages.count)
      tallies[language].append(SpilledTally(limit: max(limit, 1 << 20)))
    }
    let shards = tallies[language]
    let results = Mutex([Result<Language, SubwordError>?](repeating: nil, count: parts.count))
    // Each thread reads a part of its own and fills a table of its own.
    nonisolated(unsafe) let lines = block
    nonisolated(unsafe) let tables = shards
    let (longest, cutsAtSpaces) = (trainer.maximumSentenceLength, cutsBeforeNormalizing)
    DispatchQueue.concurrentPerform(iterations: parts.count) { index in
      let result = Result { () throws(SubwordError) in
        try Self.count(
          UnsafeBufferPointer(rebasing: lines[parts[index]]), longest, cutsAtSpaces,
          into: tables[index])
      }
      results.withLock { $0[index] = result }
    }
    for result in results.withLock({ $0 }) {
      guard let counted = try result?.get() else { continue }
      languages[language].lines += counted.lines
      languages[language].bytes += counted.bytes
      languages[language].longLines += counted.longLines
    }
  }

  /// Adds one line or several.
  public func add(_ text: String, language: Int) throws(SubwordError) {
    let bytes = Array(text.utf8)
    try bytes.withUnsafeBufferPointer { (bytes) throws(SubwordError) in
      try add(bytes, language: language)
    }
  }

  private static func parts(of block: UnsafeBufferPointer<UInt8>, count: Int) -> [Range<Int>] {
    var parts = [Range<Int>]()
    var start = 0
    for part in 1...count {
      var end = part == count ? block.count : max(start, block.count * part / count)
      while end < block.count, end > 0, block[end - 1] != 0x0A { end += 1 }
      if end > start { parts.append(start..<end) }
      start = end
    }
    return parts
  }

  private static func count(
    _ block: UnsafeBufferPointer<UInt8>, _ longest: Int, _ cutsAtSpaces: Bool,
    into tally: SpilledTally
  ) throws(SubwordError) -> Language {
    var seen = Language(name: "")
    guard let base = block.baseAddress else { return seen }
    var words = TrainingBuffer<ByteTally.Key>(capacity: Self.batch)
    var start = 0
    while start < block.count {
      let feed = memchr(base + start, 0x0A, block.count - start)
      let end = feed.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? block.count
      defer { start = end + 1 }
      guard end > start else { continue }
      guard end - start <= longest else {
        seen.longLines += 1
        continue
      }
      seen.lines += 1
      seen.bytes += end - start
      guard cutsAtSpaces else {
        try tally.add(UnsafeBufferPointer(rebasing: block[start..<end]))
        continue
      }
      var word = start
      for index in start...end where index == end || base[index] == 0x20 {
        if index > word { words.append(ByteTally.Key(base + word, index - word)) }
        word = index + 1
      }
      if words.count >= Self.batch {
        try tally.add(UnsafeBufferPointer(words.elements))
        words.removeAll()
      }
    }
    try tally.add(UnsafeBufferPointer(words.elements))
    return seen
  }

  /// So many words, and the rest of their line, are looked up side by side.
  private static let batch = 32

  /// Calls back with the words of a language, in no order that means anything, with how often they stand there.
  func forEachWord(
    of language: Int, _ body: (UnsafeBufferPointer<UInt8>, Int64) throws(SubwordError) -> Void
  ) throws(SubwordError) {
    guard let first = tallies[language].first else { return }
    for other in tallies[language].dropFirst() { try first.take(other) }
    tallies[language] = [first]
    let normalized = ByteBuffer()
    try first.forEach(inOrder: false) { (raw, count) throws(SubwordError) in
      if let tokenizer {
        let words = tokenizer.preTokenize(raw, isAligned: false, recognizesSpecial: true)
        try words.text.bytes.withUnsafeBufferPointer { (bytes) throws(SubwordError) in
          for split in words.splits where split.token < 0 {
            try body(UnsafeBufferPointer(rebasing: bytes[split.range]), count)
          }
        }
        return
      }
      if let bert {
        let text = bert.normalize(AlignedText(raw, origin: 0, isAligned: false))
        var whole = PreTokenizedText(isAligned: false)
        whole.append(text)
        let words = PreTokenizer.bert.apply(to: whole)
        try words.text.bytes.withUnsafeBufferPointer { (bytes) throws(SubwordError) in
          for split in words.splits {
            try body(UnsafeBufferPointer(rebasing: bytes[split.range]), count)
          }
        }
        return
      }
      normalized.removeAll()
      normalizer.append(raw, to: normalized)
      try splitter.words(of: normalized.bytes) { (word) throws(SubwordError) in
        try body(word, count)
      }
    }
  }
}
