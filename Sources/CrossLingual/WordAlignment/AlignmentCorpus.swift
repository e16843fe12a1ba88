// SPDX-License-Identifier: Apache-2.0

/// Sentence pairs as numbers of words, laid end to end.
struct AlignmentCorpus: Sendable {
  /// One side of all pairs.
  struct Side: Sendable {
    /// The words of all sentences.
    var words: [Int32] = []
    /// Where sentence n begins; one more than there are sentences.
    var starts: [Int] = [0]
    /// How many different words there are numbers for.
    var vocabularySize = 0

    /// The words of a sentence.
    func sentence(_ index: Int) -> ArraySlice<Int32> { words[starts[index]..<starts[index + 1]] }

    mutating func append(_ sentence: [Int32]) {
      words += sentence
      starts.append(words.count)
    }
  }

  var source = Side()
  var target = Side()

  /// Sentence pairs.
  var count: Int { source.starts.count - 1 }

  /// The same with source and target exchanged.
  var reversed: AlignmentCorpus { AlignmentCorpus(source: target, target: source) }

  /// The same with each word replaced, as by its stem.
  func mapped(
    source sources: [Int32], _ sourceSize: Int, target targets: [Int32], _ targetSize: Int
  ) -> AlignmentCorpus {
    var result = self
    result.source.words = source.words.map { sources[Int($0)] }
    result.target.words = target.words.map { targets[Int($0)] }
    (result.source.vocabularySize, result.target.vocabularySize) = (sourceSize, targetSize)
    return result
  }
}
