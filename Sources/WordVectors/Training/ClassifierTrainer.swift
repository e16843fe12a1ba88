// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Trains a classifier as fastText's `supervised` does: the mean of the rows of a text's words and n-grams, and
/// a linear layer on it, by stochastic gradient descent at a rate that falls to 0.
///
/// Unlike there, the examples are shuffled anew for each pass, so that their order in the file does not matter. With
/// one thread, or in the deterministic mode with any number, the same lines, settings and seed give the same bytes.
///
/// Joulin et al.: Bag of tricks for efficient text classification (2017).
public struct ClassifierTrainer: Sendable {
  /// The most rows of all examples that are kept from one pass to the next, in numbers of 4 bytes; beyond, a
  /// text's rows are found anew each time.
  private static let cacheLimit = 24 << 20

  /// Settings that stand in the model's file.
  public var arguments: ModelArguments
  /// The learning rate at the start (`-lr`); 0.1.
  public var learningRate = 0.1
  /// Occurrences below which a label is not kept (`-minCountLabel`); 0.
  public var minimumLabelCount = 0
  /// What a label begins with (`-label`); `__label__`.
  public var labelPrefix = WordDictionary.labelPrefix
  /// Seeds the first values and the order of examples; 1.
  public var seed: UInt64 = 1
  /// Threads to learn with (`-thread`); 1.
  public var threads = 1
  /// Whether several threads give the same bytes as any other number of them; false.
  ///
  /// If not, they write to the same rows without waiting for each other (Niu et al. 2011). Up to 16 examples are then
  /// learnt from the same parameters, so that the bytes are not those of one thread in the fast mode.
  public var isDeterministic = false
  /// Vectors that words begin with (`-pretrainedVectors`); none.
  public var pretrained: PretrainedVectors?

  /// Where a training is.
  public struct Progress: Sendable {
    /// The share that is done.
    public var share: Double
    /// Words and labels that were passed, all epochs together.
    public var tokenCount: Int
    /// The learning rate now.
    public var learningRate: Double
    /// The mean loss of an example since it was last told.
    public var loss: Double
  }

  /// A trainer with fastText's defaults.
  public init() {
    arguments = ModelArguments()
    arguments.task = .supervised
  }

  /// Learns from labelled lines, `__label__x` and the text.
  ///
  /// - Parameter progress: Is told where the training is, on the caller's thread, about a hundred times.
  /// - Throws: `WordVectorError.Code.argument` where a setting is out of its range or the learning rate makes numbers
  ///   grow beyond all bounds, `.data` where no line has a label, or there are fewer than two labels.
  public func train(
    _ lines: LineStore, progress: (Progress) -> Void = { _ in }
  ) throws(WordVectorError) -> FastTextModel {
    try validate()
    try lines.seal()
    var builder = DictionaryBuilder(labelPrefix: labelPrefix)
    for index in 0..<lines.count { builder.add(lines.line(index)) }
    let dictionary = builder.dictionary(
      minimumCount: arguments.minimumCount, minimumLabelCount: minimumLabelCount,
      adding: pretrained?.words ?? [])
    guard dictionary.labelCount > 1 else {
      throw WordVectorError(
        .data, "there is nothing to tell apart", expected: "lines with at least 2 different labels",
        found: "\(dictionary.labelCount)",
        hint: "begin each line with \(labelPrefix) and its label")
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
    try pretrained?.copy(dictionary, 0..<dictionary.wordCount, to: input)
    let output = ParameterStore(rows: dictionary.labelCount, columns: arguments.dimension)
    try descend(lines, arguments, dictionary, input, output, progress)
    return FastTextModel(
      arguments, dictionary, input: .dense(input.finished), output: .dense(output.finished))
  }

  /// Learns more from labelled lines, from a model on, with its settings and dictionary, but these epochs and this rate.
  ///
  /// - Throws: `WordVectorError.Code.unsupported` where the model is quantised or has no labels, `.argument` as
  ///   ``train(_:progress:)``.
  public func train(
    _ lines: LineStore, from model: FastTextModel,
    progress: (Progress) -> Void = { _ in }
  ) throws(WordVectorError) -> FastTextModel {
    try validate()
    guard case .dense(let first) = model.input, case .dense(let last) = model.output,
      model.arguments.task == .supervised
    else {
      throw WordVectorError(
        .unsupported, "the model cannot be trained further",
        expected: "a classifier that is not quantised")
    }
    try lines.seal()
    var arguments = model.arguments
    arguments.epochs = self.arguments.epochs
    let (input, output) = (ParameterStore(copy: first), ParameterStore(copy: last))
    try descend(lines, arguments, model.dictionary, input, output, progress)
    return FastTextModel(
      arguments, model.dictionary, input: .dense(input.finished), output: .dense(output.finished))
  }

  private func descend(
    _ lines: LineStore, _ arguments: ModelArguments, _ dictionary: WordDictionary,
    _ input: ParameterStore, _ output: ParameterStore,
    _ progress: (Progress) -> Void
  ) throws(WordVectorError) {
    let labels = dictionary.counts[dictionary.wordCount...]
    let examples = ExampleRows(
      lines, FeatureExtractor(dictionary, arguments, labelPrefix: labelPrefix),
      cacheLimit: Self.cacheLimit)
    guard examples.tokenCount > 0 else {
      throw WordVectorError(.data, "there is no text", expected: "at least one line")
    }
    try ClassifierDescent(
      self, examples, ClassifierLoss(arguments, counts: labels), input: input, output: output
    ).run(progress)
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
    try check("minCountLabel", minimumLabelCount, 0...Int(Int32.max))
    try check("wordNgrams", arguments.wordNGrams, 1...1000)
    try check("minn", arguments.minimumCharacters, 0...1000)
    try check("maxn", arguments.maximumCharacters, 0...1000)
    try check("neg", arguments.negatives, 0...10_000)
    try check("bucket", arguments.buckets, 0...1 << 30)
    try check("threads", threads, 1...4096)
    guard learningRate > 0, learningRate <= 100 else {
      throw WordVectorError(
        .argument, "the learning rate is out of its range", expected: "above 0, at most 100",
        found: "\(learningRate)")
    }
    guard !labelPrefix.utf8.isEmpty, !labelPrefix.utf8.contains(where: FeatureExtractor.isSeparator)
    else {
      throw WordVectorError(
        .argument, "the prefix of labels is not one", expected: "one or more characters, no space",
        found: "'\(labelPrefix)'")
    }
    if let pretrained, pretrained.dimension != arguments.dimension {
      throw WordVectorError(
        .argument, "the vectors to begin with have another dimension",
        expected: "\(arguments.dimension)", found: "\(pretrained.dimension)", hint: "set dim to it")
    }
  }
}
