// SPDX-License-Identifier: Apache-2.0

/// The words and labels of a model with their counts; a word's index is its row in the input matrix.
///
/// Words come first, then labels, each the commonest first. They are bytes, of UTF-8 as a rule.
public struct WordDictionary: Sendable {
  /// The mark of a line's end, which is a word like others: `</s>`.
  public static let endOfLine = "</s>"
  /// What a label begins with: `__label__`.
  public static let labelPrefix = "__label__"

  /// How many words there are.
  public let wordCount: Int
  /// How many labels there are.
  public let labelCount: Int
  /// How many tokens the text had that it was made from.
  public let tokenCount: Int64
  /// How often each word came, then each label.
  let counts: [Int64]
  /// The n-grams that were kept where a model was pruned; nil where all are there.
  let pruned: PrunedRows?

  /// All words and labels end to end.
  private let text: [UInt8]
  /// Where each begins, and where the last ends.
  private let starts: [Int]
  private let table: WordTable

  /// A dictionary of entries: words, then labels.
  ///
  /// - Parameters:
  ///   - text: All entries end to end.
  ///   - starts: Where each begins in `text`, and where the last ends.
  init(
    text: [UInt8], starts: [Int], counts: [Int64], wordCount: Int, tokenCount: Int64,
    pruned: PrunedRows? = nil
  ) {
    self.text = text
    self.starts = starts
    self.counts = counts
    self.wordCount = wordCount
    labelCount = counts.count - wordCount
    self.tokenCount = tokenCount
    self.pruned = pruned
    var table = WordTable(capacity: counts.count)
    text.withUnsafeBufferPointer { text in
      for index in counts.indices {
        let word = text[starts[index]..<starts[index + 1]]
        table.insert(WordHash.of(word), index) { other in
          text[starts[other]..<starts[other + 1]].elementsEqual(word)
        }
      }
    }
    self.table = table
  }

  /// The bytes of a word or, from ``wordCount`` on, of a label.
  func bytes(_ index: Int) -> ArraySlice<UInt8> { text[starts[index]..<starts[index + 1]] }

  /// A word by its index.
  public func word(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }

  /// A label by its number from 0, its prefix included.
  public func label(_ index: Int) -> String { word(wordCount + index) }

  /// How often a word came in the text that the model was made from.
  public func count(ofWord index: Int) -> Int { Int(counts[index]) }

  /// How often a label came in the text that the model was made from.
  public func count(ofLabel index: Int) -> Int { Int(counts[wordCount + index]) }

  /// The index of a word; nil where it is not known.
  public func index(of word: String) -> Int? {
    var word = word
    let index = word.withUTF8 { self.index(of: $0, hash: WordHash.of($0)) }
    return index >= 0 && index < wordCount ? index : nil
  }

  /// The index of a word or label, or -1.
  @inline(__always) func index(of word: UnsafeBufferPointer<UInt8>, hash: UInt32) -> Int {
    text.withUnsafeBufferPointer { text in
      starts.withUnsafeBufferPointer { starts in
        table.index(hash) { other in
          let start = starts[other]
          guard starts[other + 1] - start == word.count else { return false }
          for place in 0..<word.count where text[start + place] != word[place] { return false }
          return true
        }
      }
    }
  }
}
