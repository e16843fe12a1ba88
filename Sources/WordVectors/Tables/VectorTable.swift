// SPDX-License-Identifier: Apache-2.0

/// Words with a vector each, the commonest first as a rule.
///
/// It is what `.vec` files, word2vec's binary files, fastText models and Koine's own mapped files have in common.
public struct VectorTable: Sendable {
  /// The words.
  public let words: WordList
  /// A vector for each.
  public let vectors: VectorMatrix
  /// What was wrong with the file, where faults were passed over.
  public internal(set) var faults = VectorFaults()

  /// Words with vectors.
  ///
  /// - Throws: `WordVectorError.Code.argument` where their numbers differ.
  public init(words: WordList, vectors: VectorMatrix) throws(WordVectorError) {
    guard words.count == vectors.rows else {
      throw WordVectorError(
        .argument, "words and vectors differ in number", expected: "\(words.count) vectors",
        found: "\(vectors.rows)")
    }
    self.words = words
    self.vectors = vectors
  }

  /// How many words there are.
  public var count: Int { words.count }
  /// Numbers in a vector.
  public var dimension: Int { vectors.columns }

  /// The vector of a word; nil where it has none.
  public func vector(of word: String) -> [Float]? {
    words.index(of: word).map { Array(vectors[$0]) }
  }

  /// The first words with their vectors, which share their memory with these.
  public func prefix(_ count: Int) -> VectorTable {
    guard count < self.count else { return self }
    var table = self
    table = VectorTable(unchecked: words.prefix(count), vectors.prefix(count))
    table.faults = faults
    return table
  }

  init(unchecked words: WordList, _ vectors: VectorMatrix) {
    self.words = words
    self.vectors = vectors
  }

  /// The same words with other vectors, one for each.
  public func replacingVectors(_ vectors: VectorMatrix) throws(WordVectorError) -> VectorTable {
    try VectorTable(words: words, vectors: vectors)
  }
}
