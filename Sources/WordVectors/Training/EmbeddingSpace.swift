// SPDX-License-Identifier: Apache-2.0

/// Word vectors of one language or several in one space, as they were learnt.
public struct EmbeddingSpace: Sendable {
  /// The languages, in the order of the text.
  public let languages: [String]
  private let arguments: ModelArguments
  private let vocabulary: JointVocabulary
  private let input: DenseMatrix
  private let output: DenseMatrix

  init(
    _ arguments: ModelArguments, names: [String], _ vocabulary: JointVocabulary,
    input: DenseMatrix, output: DenseMatrix
  ) {
    self.arguments = arguments
    languages = names
    self.vocabulary = vocabulary
    self.input = input
    self.output = output
  }

  /// The words of a language, with their counts.
  public func dictionary(of language: Int) -> WordDictionary {
    vocabulary.parts[language].dictionary
  }

  /// The model of a language, as fastText has it: its words, and the n-grams that all languages share.
  ///
  /// With several languages it is a copy; keep one at a time where memory is short.
  public func model(of language: Int) -> FastTextModel {
    let part = vocabulary.parts[language]
    guard vocabulary.parts.count > 1 else {
      return FastTextModel(arguments, part.dictionary, input: .dense(input), output: .dense(output))
    }
    let nGrams = vocabulary.wordCount..<input.rows
    return FastTextModel(
      arguments, part.dictionary, input: .dense(input.copy(of: [part.words, nGrams])),
      output: .dense(output.copy(of: [part.words])))
  }
}

extension DenseMatrix {
  /// A matrix of some rows of this one.
  fileprivate func copy(of ranges: [Range<Int>]) -> DenseMatrix {
    let count = ranges.reduce(0) { $0 + $1.count }
    let buffer = FloatBuffer(count: count * columns)
    var target = UnsafeMutableRawPointer(buffer.start)
    for range in ranges {
      let size = range.count * columns * 4
      target.copyMemory(from: row(range.lowerBound), byteCount: size)
      target += size
    }
    return DenseMatrix(buffer, rows: count, columns: columns)
  }
}
