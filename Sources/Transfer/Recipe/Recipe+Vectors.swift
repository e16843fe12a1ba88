// SPDX-License-Identifier: Apache-2.0

import Tasks

extension Recipe {
  /// Word vectors that are learnt for the recipe, jointly for all languages, and the encoder that is made of them.
  ///
  /// They are learnt from the text of the training splits, without labels, and from lines that say the same in the source
  /// language and another.
  public struct Vectors: Sendable, Equatable, Codable {
    /// Numbers in a vector.
    public var dimension: Int
    /// Words on either side that count as neighbours.
    public var window: Int
    /// Passes over the text.
    public var epochs: Int
    /// Occurrences below which a word has no vector of its own.
    public var minimumCount: Int
    /// Characters in the shortest n-gram.
    public var shortest: Int
    /// Characters in the longest n-gram; 0 for words only.
    public var longest: Int
    /// Rows that n-grams share.
    public var buckets: Int
    /// Wrong answers drawn for each right one.
    public var negatives: Int
    /// The learning rate at the start.
    public var rate: Double
    /// The share of a word above which some of its occurrences are passed over.
    public var sampling: Double
    /// The parameter of the weight that common words lose.
    public var smoothing: Double
    /// What is taken out of sentences.
    public var common: CommonComponent
    /// Files with the columns `source` and `target`, with `{lang}` in their path; the import's own when nil.
    public var parallel: String?
  }
}

extension Recipe.Vectors {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case dimension, window, epochs, minimumCount, shortest, longest, buckets, negatives, rate,
      sampling
    case smoothing, common, parallel
  }

  /// What suits some million words of text.
  public init() {
    dimension = 100
    window = 5
    epochs = 5
    minimumCount = 2
    shortest = 3
    longest = 6
    buckets = 100_000
    negatives = 5
    rate = 0.05
    sampling = 1e-4
    smoothing = 1e-3
    common = .language
    parallel = nil
  }

  /// Reads the section.
  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder, CodingKeys.self)
    let standard = Self()
    dimension = try fields.value(.dimension, default: standard.dimension, in: 2...4096)
    window = try fields.value(.window, default: standard.window, in: 1...1000)
    epochs = try fields.value(.epochs, default: standard.epochs, in: 1...1000)
    minimumCount = try fields.value(
      .minimumCount, default: standard.minimumCount, in: 1...1_000_000)
    shortest = try fields.value(.shortest, default: standard.shortest, in: 1...100)
    longest = try fields.value(.longest, default: standard.longest, in: 0...100)
    guard longest == 0 || longest >= shortest else {
      throw fields.error(
        .longest, "must be 0, for words only, or at least 'shortest', \(shortest); found \(longest)"
      )
    }
    buckets = try fields.value(.buckets, default: standard.buckets, in: 1...100_000_000)
    negatives = try fields.value(.negatives, default: standard.negatives, in: 1...1000)
    rate = try fields.value(.rate, default: standard.rate, in: 1e-6...10)
    sampling = try fields.value(.sampling, default: standard.sampling, in: 1e-12...1)
    smoothing = try fields.value(.smoothing, default: standard.smoothing, in: 1e-9...1e9)
    common = try fields.choice(.common, default: standard.common)
    parallel = try fields.value(.parallel)
    if let parallel, !parallel.contains("{lang}") {
      throw fields.error(
        .parallel, "must have {lang} in it, as in parallel/en-{lang}.tsv; found '\(parallel)'")
    }
  }
}
