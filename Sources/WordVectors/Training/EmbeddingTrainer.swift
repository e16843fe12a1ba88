// SPDX-License-Identifier: Apache-2.0

/// Learns word vectors as fastText's `skipgram` and `cbow` do, of one language or of several in one space.
///
/// A word's vector is the mean of its row and those of its character n-grams. Skip-gram tells from it the words around
/// the word; CBOW tells the word from the mean of those around it. All the words around one are told in one step, from
/// the same vector, where fastText takes a step for each: its rows are then read and written once.
///
/// In a text of several languages each has a dictionary of its own, and they share the rows of n-grams. Lines that say
/// the same tie them together: a word tells the words around itself and around the word that it stands for in the other
/// line (Luong, Pham and Manning 2015). So does a dictionary: words are replaced by what means the same, now and then
/// (Gouws and Søgaard 2015).
///
/// Mikolov et al.: Distributed representations of words and phrases (2013). Bojanowski et al.: Enriching word vectors
/// with subword information (2017).
public struct EmbeddingTrainer: Sendable {
  /// What word of the other line a word stands for, where no links are given.
  public enum Alignment: String, Sendable, CaseIterable {
    /// Any, each as likely as the others.
    case uniform
    /// The one at the same share of its line.
    case diagonal
  }

  /// Settings that stand in the model's file.
  public var arguments: ModelArguments
  /// The learning rate at the start (`-lr`); 0.05.
  public var learningRate = 0.05
  /// Occurrences below which a label is not kept (`-minCountLabel`); 0.
  public var minimumLabelCount = 0
  /// Seeds everything that is drawn (`-seed`); 0.
  public var seed: UInt64 = 0
  /// Threads to learn with (`-thread`); 1.
  public var threads = 1
  /// Whether the same text and settings give the same bytes, with any number of threads; false.
  ///
  /// If not, threads write to the same rows without waiting for each other (Niu et al. 2011).
  public var isDeterministic = false
  /// Vectors that words begin with (`-pretrainedVectors`); none.
  public var pretrained: PretrainedVectors?
  /// How words of two lines are tied, where no links are given; the diagonal.
  public var alignment = Alignment.diagonal
  /// How likely a word with a translation is to be replaced by one; 0.5.
  public var replacementRate = 0.5

  /// Seconds between two reports, at least.
  var reportInterval = 0.25

  /// Where a training is.
  public struct Progress: Sendable {
    /// The share that is done.
    public var share: Double
    /// Words that were passed, all epochs together.
    public var tokenCount: Int
    /// The learning rate now.
    public var learningRate: Double
    /// The mean loss of a step of late.
    public var loss: Double
  }

  /// A trainer with fastText's defaults: skip-gram, negative sampling, n-grams of 3 to 6 characters, 100 numbers.
  public init() {
    arguments = ModelArguments()
    arguments.task = .skipgram
    arguments.loss = .negativeSampling
    arguments.minimumCount = 5
    arguments.minimumCharacters = 3
    arguments.maximumCharacters = 6
  }

  /// Learns from a text, all its languages in one space.
  ///
  /// - Parameter progress: Is told where the training is, on one of its threads, a few times a second.
  /// - Throws: `WordVectorError.Code.argument` where a setting is out of its range or the learning rate makes numbers
  ///   grow beyond all bounds, `.data` where a language has too few words.
  public func train(
    _ text: TrainingText, progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws(WordVectorError) -> EmbeddingSpace {
    var arguments = arguments
    // As fastText: word n-grams keep their rows, though nothing is learnt for them.
    if arguments.maximumCharacters == 0, arguments.wordNGrams <= 1 { arguments.buckets = 0 }
    try validate(arguments)
    var dictionaries: [WordDictionary] = []
    var indices: [[Int32]] = []
    for (language, builder) in text.builders.enumerated() {
      var (dictionary, numbers) = builder.numberedDictionary(
        minimumCount: arguments.minimumCount, minimumLabelCount: minimumLabelCount,
        adding: pretrained?.words ?? [])
      try check(dictionary, text.languages[language])
      let first = dictionaries.reduce(0) { $0 + $1.wordCount }
      for index in numbers.indices where numbers[index] >= 0 { numbers[index] += Int32(first) }
      dictionaries.append(dictionary)
      indices.append(numbers)
    }
    guard !dictionaries.isEmpty else {
      throw WordVectorError(.data, "there is no text", expected: "at least one line of words")
    }
    let blocks = try TrainingBlocks(text.sources, indices)
    indices = []
    let vocabulary = JointVocabulary(dictionaries, arguments, translations: text.translations)
    if !text.translations.isEmpty, !vocabulary.hasReplacements {
      throw WordVectorError(
        .data, "no pair of the dictionary has both words in the texts",
        expected: "pairs of the languages' words",
        hint: "check the order of its columns, and upper and lower case")
    }
    let input = ParameterStore(
      rows: vocabulary.wordCount + arguments.buckets, columns: arguments.dimension)
    input.fill(within: 1 / Float(arguments.dimension), seed: seed)
    if let pretrained {
      for part in vocabulary.parts { try pretrained.copy(part.dictionary, part.words, to: input) }
    }
    let output = ParameterStore(rows: vocabulary.wordCount, columns: arguments.dimension)
    let descent = EmbeddingDescent(
      self, arguments, vocabulary, blocks, input: input, output: output, report: progress)
    try descent.run()
    return EmbeddingSpace(
      arguments, names: text.languages, vocabulary, input: input.finished, output: output.finished)
  }

  private func check(_ dictionary: WordDictionary, _ language: String) throws(WordVectorError) {
    guard dictionary.wordCount > 1 else {
      throw WordVectorError(
        .data,
        language.isEmpty
          ? "the text has too few words" : "the text of '\(language)' has too few words",
        expected: "at least 2 that come \(arguments.minimumCount) times or more",
        found: "\(dictionary.wordCount)", hint: "lower the minimum count, or add text")
    }
  }

  private func validate(_ arguments: ModelArguments) throws(WordVectorError) {
    func check(
      _ name: String, _ value: Int, _ range: ClosedRange<Int>
    ) throws(WordVectorError) {
      guard range.contains(value) else {
        throw refused(name, "\(range.lowerBound) to \(range.upperBound)", "\(value)")
      }
    }
    try check("dim", arguments.dimension, 1...1 << 16)
    try check("ws", arguments.windowSize, 1...1000)
    try check("epoch", arguments.epochs, 1...1_000_000)
    try check("minCount", arguments.minimumCount, 0...Int(Int32.max))
    try check("minCountLabel", minimumLabelCount, 0...Int(Int32.max))
    try check("neg", arguments.negatives, 0...10_000)
    try check("minn", arguments.minimumCharacters, 0...1000)
    try check("maxn", arguments.maximumCharacters, 0...1000)
    try check("bucket", arguments.buckets, 0...1 << 30)
    try check("lrUpdateRate", arguments.learningRateUpdates, 1...Int(Int32.max))
    try check("threads", threads, 1...4096)
    guard learningRate > 0, learningRate <= 100 else {
      throw refused("lr", "above 0, at most 100", "\(learningRate)")
    }
    guard arguments.samplingThreshold > 0 else {
      throw refused("t", "above 0", "\(arguments.samplingThreshold)")
    }
    guard (0...1).contains(replacementRate) else {
      throw refused("the rate of replacement", "0 to 1", "\(replacementRate)")
    }
    guard arguments.task != .supervised else {
      throw WordVectorError(
        .argument, "a classifier is trained otherwise", expected: "skipgram or cbow")
    }
    if arguments.maximumCharacters > 0 {
      guard arguments.buckets > 0 else { throw refused("bucket", "1 or more, with n-grams", "0") }
      guard arguments.minimumCharacters <= arguments.maximumCharacters else {
        throw refused(
          "minn", "at most maxn, \(arguments.maximumCharacters)",
          "\(arguments.minimumCharacters)")
      }
    }
    if let pretrained, pretrained.dimension != arguments.dimension {
      throw WordVectorError(
        .argument, "the vectors to begin with have another dimension",
        expected: "\(arguments.dimension)", found: "\(pretrained.dimension)",
        hint: "set dim to it")
    }
  }

  private func refused(_ name: String, _ expected: String, _ found: String) -> WordVectorError {
    WordVectorError(
      .argument, "the setting \(name) is out of its range", expected: expected, found: found)
  }
}
