// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Words by their places, and places by words; words are bytes, of UTF-8 as a rule.
///
/// The table that finds a word is made when it is first asked, so that a large list opens at once.
public struct WordList: Sendable {
  /// How many words there are.
  public let count: Int
  private let storage: Storage

  /// The bytes and where each word begins; in memory or mapped.
  ///
  /// They are not written to once they are here; the table is made under a lock.
  private final class Storage: @unchecked Sendable {
    let text: UnsafePointer<UInt8>
    let starts: UnsafePointer<Int64>
    let count: Int
    private let owner: AnyObject
    private let lock = NSLock()
    private var table: WordTable?

    init(
      text: UnsafePointer<UInt8>, starts: UnsafePointer<Int64>, count: Int, owner: AnyObject,
      table: WordTable?
    ) {
      self.text = text
      self.starts = starts
      self.count = count
      self.owner = owner
      self.table = table
    }

    func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(
        start: text + Int(starts[index]), count: Int(starts[index + 1] - starts[index]))
    }

    func wordTable() -> WordTable {
      lock.lock()
      defer { lock.unlock() }
      if let table { return table }
      var made = WordTable(capacity: count)
      for index in 0..<count {
        let word = bytes(index)
        let hash = WordHash.of(word)
        // Of words that are there twice, the first counts.
        guard made.index(hash, where: { bytes($0).elementsEqual(word) }) < 0 else { continue }
        made.insert(hash, index) { _ in false }
      }
      table = made
      return made
    }
  }

  /// A list that stands somewhere else, which `owner` keeps alive.
  init(
    text: UnsafePointer<UInt8>, starts: UnsafePointer<Int64>, count: Int, owner: AnyObject
  ) {
    self.count = count
    storage = Storage(text: text, starts: starts, count: count, owner: owner, table: nil)
  }

  /// A list of words end to end; `starts` has one place more than there are words.
  init(text: [UInt8], starts: [Int64], table: WordTable? = nil) {
    let text = MemoryCopy(text.isEmpty ? [0] : text)
    let starts = MemoryCopy(starts)
    count = starts.count - 1
    storage = Storage(
      text: text.start, starts: starts.start, count: count,
      owner: Pair(text, starts), table: table)
  }

  /// A list of words.
  public init(_ words: [String]) {
    var text: [UInt8] = []
    var starts: [Int64] = [0]
    for word in words {
      text += word.utf8
      starts.append(Int64(text.count))
    }
    self.init(text: text, starts: starts)
  }

  private final class Pair {
    let parts: (AnyObject, AnyObject)
    init(_ first: AnyObject, _ second: AnyObject) { parts = (first, second) }
  }

  /// The bytes of a word.
  public func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8> { storage.bytes(index) }

  /// A word by its place.
  public subscript(index: Int) -> String { String(decoding: storage.bytes(index), as: UTF8.self) }

  /// The place of a word; nil where it is not in the list.
  public func index(of word: String) -> Int? {
    var word = word
    return word.withUTF8 { index(ofBytes: $0) }
  }

  /// The place of a word; nil where it is not in the list.
  public func index(ofBytes word: UnsafeBufferPointer<UInt8>) -> Int? {
    let table = storage.wordTable()
    let index = table.index(WordHash.of(word)) { storage.bytes($0).elementsEqual(word) }
    return index < 0 ? nil : index
  }

  /// The first words, which share their memory with these.
  public func prefix(_ count: Int) -> WordList {
    WordList(
      text: storage.text, starts: storage.starts, count: min(count, self.count), owner: storage)
  }
}

/// A copy of elements at a place that does not move.
final class MemoryCopy<Element: BitwiseCopyable> {
  let start: UnsafePointer<Element>
  let count: Int
  private let memory: UnsafeMutablePointer<Element>

  init(_ elements: [Element]) {
    memory = .allocate(capacity: max(elements.count, 1))
    memory.initialize(from: elements, count: elements.count)
    start = UnsafePointer(memory)
    count = elements.count
  }

  deinit { memory.deallocate() }
}
