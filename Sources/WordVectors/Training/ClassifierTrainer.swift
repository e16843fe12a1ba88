// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Trains a classifier as fastText's `supervised` does: the mean of the rows of a text's words and n-grams, and
/// a linear layer on it, by stochastic gradient descent at a rate that falls to 0.
///
/// Unlike there, the examples are shuffled anew for each pass, so that their order in the file does not matter,
/// and one thread does it: the same lines, settings and seed give the same bytes.
///
/// Joulin et al.: Bag of tricks for efficient text classification (2017).
public struct ClassifierTrainer {
  /// The most rows of all examples that are kept from one pass to the next, in numbers of 4 bytes; beyond, a
  /// text's rows are found anew each time.
  private static let cacheLimit = 64 << 20

  /// Settings that stand in the model's file.
  public var arguments: ModelArguments
  /// The learning rate at the start (`-lr`); 0.1.
  public var learningRate = 0.1
  /// Seeds the first values and the order of examples; 1.
  public var seed: UInt64 = 1

  /// A trainer with fastText's defaults.
  public init() {
    arguments = ModelArguments()
    arguments.task = .supervised
  }

  /// Learns from labelled lines, `__label__x` and the text.
  ///
  /// - Parameter progress: Is told the share of the work that is done, and the mean loss since it was last
  ///   told, about a hundred times.
  /// - Throws: `WordVectorError.Code.argument` where a setting is out of its range, `.data` where no line has a
  ///   label, or there are fewer than two labels.
  public func train(
    _ lines: LineStore, progress: (_ share: Double, _ loss: Double) -> Void = { _, _ in }
  ) throws(WordVectorError) -> FastTextModel {
    try validate()
    try lines.seal()
    var builder = DictionaryBuilder()
    for index in 0..<lines.count { builder.add(lines.line(index)) }
    let dictionary = builder.dictionary(minimumCount: arguments.minimumCount)
    guard dictionary.labelCount > 1 else {
      throw WordVectorError(
        .data, "there is nothing to tell apart", expected: "lines with at least 2 different labels",
        found: "\(dictionary.labelCount)", hint: "begin each line with __label__ and its label")
    }
    var arguments = arguments
    if arguments.wordNGrams <= 1, arguments.maximumCharacters == 0 { arguments.buckets = 0 }
    guard dictionary.wordCount + arguments.buckets > 0 else {
      throw WordVectorError(
        .data, "no word comes often enough", expected: "\(arguments.minimumCount) times",
        hint: "lower the minimum count, or use character n-grams")
    }
    let input = ParameterStore(
      rows: dictionary.wordCount + arguments.buckets, columns: arguments.dimension)
    input.fill(within: 1 / Float(arguments.dimension), seed: seed)
    let output = ParameterStore(rows: dictionary.labelCount, columns: arguments.dimension)
    let loss = try TrainingLoss(
      arguments.loss, output: output, counts: dictionary.counts[dictionary.wordCount...])
    descend(
      ExampleRows(lines, FeatureExtractor(dictionary, arguments), cacheLimit: Self.cacheLimit),
      input, loss, tokenCount: dictionary.tokenCount, progress)
    return FastTextModel(
      arguments, dictionary, input: .dense(input.finished), output: .dense(output.finished))
  }

  private func descend(
    _ examples: ExampleRows, _ input: ParameterStore, _ loss: TrainingLoss, tokenCount: Int64,
    _ progress: (Double, Double) -> Void
  ) {
    let columns = input.columns
    let hidden = FloatBuffer(count: columns)
    let gradient = FloatBuffer(count: columns)
    var generator = SplitMix(seed: seed ^ 0x6b6f_696e_65)
    var order = Array(0..<UInt32(examples.count))
    let matrix = ParameterMatrix.dense(input.finished)
    let total = Double(arguments.epochs) * Double(tokenCount)
    var (done, told, lossSum, lossCount) = (0.0, 0.0, 0.0, 0)
    for _ in 0..<arguments.epochs {
      order.shuffle(using: &generator)
      for index in order {
        let example = examples[Int(index)]
        done += Double(example.tokenCount)
        guard !example.rows.isEmpty, !example.labels.isEmpty else { continue }
        let rate = Float(learningRate * (1 - done / total))
        matrix.mean(UnsafeBufferPointer(example.rows), into: hidden.start)
        gradient.start.update(repeating: 0, count: columns)
        let drawn =
          example.labels.count == 1
          ? example.labels[0] : example.labels[generator.index(below: example.labels.count)]
        lossSum += Double(
          loss.step(
            hidden.start, labels: example.labels, drawn: drawn, rate: rate,
            gradient: gradient.start))
        lossCount += 1
        let scale = 1 / Float(example.rows.count)
        for row in example.rows {
          VectorArithmetic.add(gradient.start, times: scale, to: input.row(Int(row)), columns)
        }
        if done - told >= total / 100 {
          progress(done / total, lossSum / Double(lossCount))
          (told, lossSum, lossCount) = (done, 0, 0)
        }
      }
    }
  }

  private func validate() throws(WordVectorError) {
    func check(
      _ name: String, _ value: Int, _ range: ClosedRange<Int>
    ) throws(WordVectorError) {
      guard range.contains(value) else {
        throw WordVectorError(
          .argument, "the setting \(name) is out of its range",
          expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(value)")
      }
    }
    try check("dim", arguments.dimension, 1...1 << 16)
    try check("epoch", arguments.epochs, 1...1_000_000)
    try check("minCount", arguments.minimumCount, 0...Int(Int32.max))
    try check("wordNgrams", arguments.wordNGrams, 1...1000)
    try check("minn", arguments.minimumCharacters, 0...1000)
    try check("maxn", arguments.maximumCharacters, 0...1000)
    try check("bucket", arguments.buckets, 0...1 << 30)
    guard learningRate > 0, learningRate <= 100 else {
      throw WordVectorError(
        .argument, "the learning rate is out of its range", expected: "above 0, at most 100",
        found: "\(learningRate)")
    }
  }
}
