// SPDX-License-Identifier: Apache-2.0

/// What a fastText model file says of how it was trained and how it is used.
///
/// Names in parentheses are fastText's flags.
public struct ModelArguments: Sendable, Hashable {
  /// What a model is trained to tell.
  public enum Task: Int32, Sendable {
    /// A word from the words around it.
    case cbow = 1
    /// The words around it from a word.
    case skipgram = 2
    /// A text's labels.
    case supervised = 3
  }

  /// What training lowers.
  public enum Loss: Int32, Sendable {
    /// Hierarchical softmax: a binary tree of the labels, built from their counts (`hs`).
    case hierarchicalSoftmax = 1
    /// Negative sampling (`ns`).
    case negativeSampling = 2
    /// Softmax over all labels.
    case softmax = 3
    /// A binary classifier for each label (`ova`).
    case oneVersusAll = 4
  }

  /// Numbers in a vector (`-dim`); 100.
  public var dimension = 100
  /// Words on either side that count as context (`-ws`); 5.
  public var windowSize = 5
  /// Passes over the text (`-epoch`); 5.
  public var epochs = 5
  /// Occurrences below which a word is not kept (`-minCount`); 1.
  public var minimumCount = 1
  /// Wrong answers drawn for each right one, with negative sampling (`-neg`); 5.
  public var negatives = 5
  /// Words in the longest word n-gram (`-wordNgrams`); 1.
  public var wordNGrams = 1
  /// What training lowers (`-loss`); softmax.
  public var loss = Loss.softmax
  /// What the model tells; labels.
  public var task = Task.supervised
  /// How many rows n-grams share, by their hash (`-bucket`); 2,000,000.
  public var buckets = 2_000_000
  /// Characters in the shortest character n-gram (`-minn`); 0.
  public var minimumCharacters = 0
  /// Characters in the longest character n-gram (`-maxn`); 0 means that there are none.
  public var maximumCharacters = 0
  /// Tokens after which the learning rate changes (`-lrUpdateRate`); 100.
  public var learningRateUpdates = 100
  /// The share of a word's occurrences above which some are passed over (`-t`); 0.0001.
  public var samplingThreshold = 1e-4

  /// The defaults.
  public init() {}

  /// Whether anything is looked up by its hash.
  var usesBuckets: Bool { buckets > 0 && (maximumCharacters > 0 || wordNGrams > 1) }
}

extension ModelArguments {
  /// The version that is written; 11, which had no n-grams in classifiers, is read too.
  static let version: Int32 = 12
  static let magic: Int32 = 793_712_314

  /// Reads the head of a model file.
  init(_ reader: inout BinaryReader) throws(WordVectorError) {
    guard try reader.next(Int32.self) == Self.magic else {
      throw WordVectorError(
        .format, "the file is not a fastText model", expected: "a .bin or .ftz file",
        hint: "vectors as text (.vec) are another format", at: reader.name)
    }
    let version = try reader.next(Int32.self)
    guard (11...Self.version).contains(version) else {
      throw WordVectorError(
        .format, "the model's version is not known", expected: "11 or 12", found: "\(version)",
        at: reader.name)
    }
    func number(_ what: String, _ range: ClosedRange<Int>) throws(WordVectorError) -> Int {
      let value = Int(try reader.next(Int32.self))
      guard range.contains(value) else {
        throw reader.malformed(
          "the setting \(what)", expected: "\(range.lowerBound) to \(range.upperBound)",
          found: "\(value)")
      }
      return value
    }
    let any = 0...Int(Int32.max)
    dimension = try number("dim", 1...1 << 16)
    windowSize = try number("ws", any)
    epochs = try number("epoch", any)
    minimumCount = try number("minCount", any)
    negatives = try number("neg", any)
    wordNGrams = try number("wordNgrams", 0...1000)
    let loss = Loss(rawValue: Int32(try number("loss", 1...4)))
    let task = Task(rawValue: Int32(try number("model", 1...3)))
    guard let loss, let task else {
      throw reader.malformed(
        "the loss or the kind of model", expected: "a known one", found: "none")
    }
    (self.loss, self.task) = (loss, task)
    buckets = try number("bucket", any)
    minimumCharacters = try number("minn", 0...1000)
    maximumCharacters = try number("maxn", 0...1000)
    learningRateUpdates = try number("lrUpdateRate", any)
    samplingThreshold = try reader.next(Double.self)
    if version == 11, task == .supervised { maximumCharacters = 0 }
  }
}

extension ModelArguments {
  /// Writes the head of a model file.
  func write(to sink: inout BinaryWriter) throws {
    try sink.append(Self.magic)
    try sink.append(Self.version)
    for number in [dimension, windowSize, epochs, minimumCount, negatives, wordNGrams] {
      try sink.append(Int32(clamping: number))
    }
    try sink.append(loss.rawValue)
    try sink.append(task.rawValue)
    for number in [buckets, minimumCharacters, maximumCharacters, learningRateUpdates] {
      try sink.append(Int32(clamping: number))
    }
    try sink.append(samplingThreshold)
  }
}
