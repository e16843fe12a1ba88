// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import WordVectors

/// What word vectors are trained with; names are fastText's.
struct EmbeddingOptions: ParsableArguments {
  enum Model: String, ExpressibleByArgument, CaseIterable { case skipgram, cbow, supervised }
  enum Loss: String, ExpressibleByArgument, CaseIterable { case ns, hs, softmax, ova }

  @Option(
    name: .fastText("model"),
    help:
      "skipgram tells neighbours from a word, cbow a word from its neighbours, supervised a text's labels."
  )
  var model = Model.skipgram
  @Option(
    name: .fastText("loss"),
    help:
      "ns (negative sampling), hs (hierarchical softmax), softmax or ova (one classifier a label). (default: ns; supervised: softmax)"
  )
  var loss: Loss?
  @Option(name: .fastText("dim"), help: "Numbers in a vector.") var dim = 100
  @Option(name: .fastText("ws"), help: "Words on either side that count as neighbours.") var ws = 5
  @Option(name: .fastText("epoch"), help: "Passes over the text.") var epoch = 5
  @Option(
    name: .fastText("lr"), help: "The learning rate at the start. (default: 0.05; supervised: 0.1)")
  var lr: Double?
  @Option(name: .fastText("lrUpdateRate"), help: "Words after which the learning rate changes.")
  var lrUpdateRate = 100
  @Option(name: .fastText("neg"), help: "Wrong answers drawn for each right one.") var neg = 5
  @Option(
    name: .customShort("t"),
    help: "The share of a word above which some of its occurrences are passed over.")
  var samplingThreshold = 1e-4
  @Option(
    name: .fastText("minCount"),
    help: "Occurrences below which a word is not kept. (default: 5; supervised: 1)")
  var minCount: Int?
  @Option(name: .fastText("minCountLabel"), help: "Occurrences below which a label is not kept.")
  var minCountLabel = 0
  @Option(
    name: .fastText("minn"),
    help: "Characters in the shortest n-gram. (default: 3; supervised: 0)")
  var minn: Int?
  @Option(
    name: .fastText("maxn"),
    help: "Characters in the longest n-gram; 0 for words only. (default: 6; supervised: 0)")
  var maxn: Int?
  @Option(name: .fastText("bucket"), help: "Rows that n-grams share.") var bucket = 2_000_000
  @Option(
    name: .fastText("wordNgrams"),
    help: "Words in the longest n-gram of words; vectors of words do not depend on it.")
  var wordNgrams = 1
  @Option(name: .fastText("label"), help: "What a label begins with.")
  var label = WordDictionary.labelPrefix
  @Option(
    name: .fastText("pretrainedVectors"),
    help: ArgumentHelp("Vectors to begin with, as text.", valueName: "file.vec"))
  var pretrainedVectors: String?
  @Option(name: .fastText("seed"), help: "Seeds all that is drawn.") var seed: UInt64 = 0

  /// A trainer of word vectors with these settings.
  func trainer() throws -> EmbeddingTrainer {
    var trainer = EmbeddingTrainer()
    apply(to: &trainer.arguments)
    trainer.minimumLabelCount = minCountLabel
    trainer.learningRate = lr ?? trainer.learningRate
    trainer.seed = seed
    trainer.pretrained = try pretrainedVectors.map { try PretrainedVectors(contentsOf: $0) }
    return trainer
  }

  /// A trainer of classifiers with these settings.
  func classifierTrainer() throws -> ClassifierTrainer {
    var trainer = ClassifierTrainer()
    apply(to: &trainer.arguments)
    trainer.minimumLabelCount = minCountLabel
    trainer.labelPrefix = label
    trainer.learningRate = lr ?? trainer.learningRate
    trainer.seed = seed
    trainer.pretrained = try pretrainedVectors.map { try PretrainedVectors(contentsOf: $0) }
    return trainer
  }

  /// Sets what was asked for; where nothing was, the trainer's own defaults stay.
  private func apply(to arguments: inout ModelArguments) {
    arguments.task =
      switch model {
      case .skipgram: .skipgram
      case .cbow: .cbow
      case .supervised: .supervised
      }
    switch loss {
    case .ns: arguments.loss = .negativeSampling
    case .hs: arguments.loss = .hierarchicalSoftmax
    case .softmax: arguments.loss = .softmax
    case .ova: arguments.loss = .oneVersusAll
    case nil: break
    }
    arguments.dimension = dim
    arguments.windowSize = ws
    arguments.epochs = epoch
    arguments.learningRateUpdates = lrUpdateRate
    arguments.negatives = neg
    arguments.samplingThreshold = samplingThreshold
    arguments.minimumCount = minCount ?? arguments.minimumCount
    arguments.minimumCharacters = minn ?? arguments.minimumCharacters
    arguments.maximumCharacters = maxn ?? arguments.maximumCharacters
    arguments.buckets = bucket
    arguments.wordNGrams = wordNgrams
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
