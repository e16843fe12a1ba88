// SPDX-License-Identifier: Apache-2.0

/// How much shorter the steps of a row are made in the deterministic mode, where many of them are found from the same
/// parameters.
///
/// A row that comes a few times in a round may take all its steps. One that comes in every line, as the root of the tree
/// of hierarchical softmax, would go far beyond its goal: together its steps are made as long as those of
/// ``mostSteps``. Rows are weighed by how often they are expected in a round, so that nothing has to be counted.
struct RoundDamping: @unchecked Sendable {
  /// Steps of a row in one round that are taken in full.
  private static let mostSteps = 32.0
  /// What a wrong answer counts beside a right one: it moves its row less.
  private static let negativeWeight = 0.1

  /// The factor of each row; nil where all are 1.
  private let input: FloatBuffer?
  /// The same for the output.
  private let output: FloatBuffer?
  // Read for each row that is moved, where an object would be counted.
  private let inputStart: UnsafeMutablePointer<Float>?
  private let outputStart: UnsafeMutablePointer<Float>?

  /// No step is made shorter.
  static let none = RoundDamping(input: nil, output: nil)

  private init(input: FloatBuffer?, output: FloatBuffer?) {
    (self.input, self.output) = (input, output)
    (inputStart, outputStart) = (input?.start, output?.start)
  }

  /// The factor of a row of the input.
  @inline(__always) func inputFactor(_ row: Int32) -> Float { inputStart?[Int(row)] ?? 1 }

  /// The factor of a row of the output.
  @inline(__always) func outputFactor(_ row: Int32) -> Float { outputStart?[Int(row)] ?? 1 }

  /// - Parameter roundSize: How many words of the text a round has.
  init(
    _ vocabulary: JointVocabulary, _ arguments: ModelArguments, roundSize: Double,
    inputRows: Int
  ) {
    var input = [Double](repeating: 0, count: inputRows)
    var output = [Double](repeating: 0, count: vocabulary.wordCount)
    let total = vocabulary.parts.reduce(0.0) { $0 + Double(max($1.dictionary.tokenCount, 1)) }
    // Right answers for a word: the window's mean size.
    let pairs = Double(arguments.windowSize + 1)
    let isSkipGram = arguments.task == .skipgram
    for part in vocabulary.parts {
      let counts = part.dictionary.counts[..<part.dictionary.wordCount]
      let roots = counts.reduce(0) { $0 + Double($1).squareRoot() }
      let share = roundSize / total
      let steps = counts.indices.reduce(0.0) { sum, index in
        sum + Double(counts[index]) * Double(1 - vocabulary.discards[Int(part.firstWord) + index])
      }
      let answers = (isSkipGram ? pairs : 1) * share
      for index in counts.indices {
        let word = part.firstWord + Int32(index)
        let count = Double(counts[index]) * Double(1 - vocabulary.discards[Int(word)])
        for row in vocabulary.rows(of: word) {
          input[Int(row)] += count * (isSkipGram ? 1 : pairs) * share
        }
        switch arguments.loss {
        case .negativeSampling:
          let wrong =
            steps * Double(arguments.negatives) * Double(counts[index]).squareRoot() / roots
          output[Int(word)] += (count + Self.negativeWeight * wrong) * answers
        case .hierarchicalSoftmax:
          for branch in part.paths[index] { output[Int(branch >> 1)] += count * answers }
        case .softmax, .oneVersusAll: output[Int(word)] += steps * answers
        }
      }
    }
    self.init(input: Self.factors(input), output: Self.factors(output))
  }

  private static func factors(_ expected: [Double]) -> FloatBuffer? {
    guard expected.contains(where: { $0 > mostSteps }) else { return nil }
    let factors = FloatBuffer(count: expected.count)
    for (row, steps) in expected.enumerated() {
      factors.start[row] = Float(min(1, mostSteps / max(steps, 1e-9)))
    }
    return factors
  }
}
