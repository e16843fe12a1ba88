// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import WordVectors

/// What word vectors are trained with; names are fastText's.
struct EmbeddingOptions: ParsableArguments {
  enum Model: String, ExpressibleByArgument, CaseIterable { case skipgram, cbow }
  enum Loss: String, ExpressibleByArgument, CaseIterable { case ns, hs, softmax, ova }

  @Option(
    name: .fastText("model"),
    help: "skipgram tells neighbours from a word, cbow a word from its neighbours.")
  var model = Model.skipgram
  @Option(
    name: .fastText("loss"),
    help:
      "ns (negative sampling), hs (hierarchical softmax), softmax or ova; the last two are for few words."
  )
  var loss = Loss.ns
  @Option(name: .fastText("dim"), help: "Numbers in a vector.") var dim = 100
  @Option(name: .fastText("ws"), help: "Words on either side that count as neighbours.") var ws = 5
  @Option(name: .fastText("epoch"), help: "Passes over the text.") var epoch = 5
  @Option(name: .fastText("lr"), help: "The learning rate at the start.") var lr = 0.05
  @Option(name: .fastText("lrUpdateRate"), help: "Words after which the learning rate changes.")
  var lrUpdateRate = 100
  @Option(name: .fastText("neg"), help: "Wrong answers drawn for each right one.") var neg = 5
  @Option(
    name: .customShort("t"),
    help: "The share of a word above which some of its occurrences are passed over.")
  var samplingThreshold = 1e-4
  @Option(name: .fastText("minCount"), help: "Occurrences below which a word is not kept.")
  var minCount = 5
  @Option(name: .fastText("minCountLabel"), help: "Occurrences below which a label is not kept.")
  var minCountLabel = 0
  @Option(name: .fastText("minn"), help: "Characters in the shortest n-gram.") var minn = 3
  @Option(name: .fastText("maxn"), help: "Characters in the longest n-gram; 0 for words only.")
  var maxn = 6
  @Option(name: .fastText("bucket"), help: "Rows that n-grams share.") var bucket = 2_000_000
  @Option(
    name: .fastText("wordNgrams"),
    help: "Stands in the model's head; vectors of words do not depend on it.")
  var wordNgrams = 1
  @Option(
    name: .fastText("pretrainedVectors"),
    help: ArgumentHelp("Vectors to begin with, as text.", valueName: "file.vec"))
  var pretrainedVectors: String?
  @Option(name: .fastText("seed"), help: "Seeds all that is drawn.") var seed: UInt64 = 0

  /// A trainer with these settings.
  func trainer() throws -> EmbeddingTrainer {
    var trainer = EmbeddingTrainer()
    trainer.arguments.task = model == .cbow ? .cbow : .skipgram
    trainer.arguments.loss =
      switch loss {
      case .ns: .negativeSampling
      case .hs: .hierarchicalSoftmax
      case .softmax: .softmax
      case .ova: .oneVersusAll
      }
    trainer.arguments.dimension = dim
    trainer.arguments.windowSize = ws
    trainer.arguments.epochs = epoch
    trainer.arguments.learningRateUpdates = lrUpdateRate
    trainer.arguments.negatives = neg
    trainer.arguments.samplingThreshold = samplingThreshold
    trainer.arguments.minimumCount = minCount
    trainer.arguments.minimumCharacters = minn
    trainer.arguments.maximumCharacters = maxn
    trainer.arguments.buckets = bucket
    trainer.arguments.wordNGrams = wordNgrams
    trainer.minimumLabelCount = minCountLabel
    trainer.learningRate = lr
    trainer.seed = seed
    trainer.pretrained = try pretrainedVectors.map { try PretrainedVectors(contentsOf: $0) }
    return trainer
  }
}

extension NameSpecification {
  /// A flag as fastText writes it, `-minCount`, with two hyphens too, and as other commands do, `--min-count`.
  static func fastText(_ name: String) -> NameSpecification {
    let words = name.unicodeScalars.reduce(into: "") { words, scalar in
      if scalar.properties.isUppercase { words += "-" }
      words += scalar.properties.lowercaseMapping
    }
    var names: NameSpecification = [
      .customLong(words), .customLong(name, withSingleDash: true),
    ]
    if words != name {
      names = [.customLong(words), .customLong(name), .customLong(name, withSingleDash: true)]
    }
    return names
  }
}
