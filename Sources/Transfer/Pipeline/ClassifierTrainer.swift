// SPDX-License-Identifier: Apache-2.0

import Foundation
import Tasks
import Torch
import Training

/// What one method of a recipe came to.
struct MethodResult {
  var head: SoftmaxHead
  var features: FeatureSet
  var record: MethodRecord
  /// Scores of tokens beside the head, with the tokens of each language's test text.
  var words: (head: TokenHead, test: [String: [[Int32]]])?
}

/// What a report says of how a method was trained.
struct MethodRecord: Codable, Equatable {
  /// The penalty that was used, C.
  var inversePenalty: Double
  /// Whether it was chosen on development data.
  var choseInversePenalty: Bool
  /// Parameters that were fitted.
  var parameterCount: Int
  /// Epochs of tuning; empty without.
  var epochs: [ClassifierTuner.Epoch]
  /// Texts in other languages' words that were learned from; nil for none.
  var switchedCount: Int?
}

/// Trains one method of a recipe from source-language examples.
struct ClassifierTrainer {
  let method: Recipe.Method
  let data: TaskData
  /// The source's text in other languages' words, under the base, where the method learns from it.
  var switched: SwitchedFeatures?
  let seed: UInt64

  /// The method's head on the frozen base; `base` are the base's own vectors.
  func probe(_ base: FeatureSet) throws -> MethodResult {
    var result = try fitted(base)
    result.features = try placed(result.features, under: result.head)
    return result
  }

  /// The head on the frozen base, with vectors where they lie before it is known.
  private func fitted(_ base: FeatureSet) throws -> MethodResult {
    let features = method.center == .none ? base : try base.centered(source: data.train.language)
    let classCount = data.labels.count
    let (train, labels) = try examples(features.train, switched)
    var fit = SoftmaxRegression(balancesClasses: method.balancesClasses)
    let (head, penalty, isChosen) = try PenaltySearch.fit(
      fixed: method.inversePenalty, standard: fit.inversePenalty,
      labels: features.development == nil ? nil : data.development?.labels
    ) { penalty, start in
      fit.inversePenalty = penalty
      return try fit.fit(train, labels: labels, classCount: classCount, from: start)
    } predict: { head in
      try features.development.map { try TextClassifier.probabilities($0, head) } ?? []
    }
    return MethodResult(
      head: head, features: features,
      record: MethodRecord(
        inversePenalty: penalty, choseInversePenalty: isChosen,
        parameterCount: head.weight.count + head.bias.count, epochs: [],
        switchedCount: switched?.labels.count))
  }

  /// Vectors where the method wants them for a head that is fitted.
  private func placed(_ features: FeatureSet, under head: SoftmaxHead) throws -> FeatureSet {
    guard method.center == .mix else { return features }
    let mix = ClassMix(data.train.labels, classCount: data.labels.count)
    return try features.matching(mix, under: head, source: data.train.language)
  }

  /// The vectors and classes that a head is fitted to.
  private func examples(
    _ train: Tensor, _ switched: SwitchedFeatures?
  ) throws -> (vectors: Tensor, labels: [Int]) {
    guard let switched else { return (train, data.train.labels) }
    let others = try switched.all(areCentered: method.center != .none)
    return (try .concatenated([train, others]), data.train.labels + switched.labels)
  }

  /// Tunes the encoder in place, and gives the head and vectors that belong to it.
  func tune(
    _ encoder: TextEncoder, _ configuration: TuningConfiguration, base: FeatureSet,
    progress: inout ProgressMeter
  ) throws -> MethodResult {
    let source = data.train.language
    if configuration.patience != nil, data.development == nil {
      throw RecipeError(
        .data,
        "method '\(method.name)' asks for 'patience', but there is no development split of '\(source)' to stop by"
      )
    }
    if configuration.languageShift > 0, configuration.layers != nil, data.unlabelled.isEmpty {
      progress.note(
        "no unlabelled text of other languages: sentences are not moved ('languageShift' has no effect)"
      )
    }
    let probe = try fitted(base)
    let start =
      configuration.startsFromProbe
      ? probe.head : try Self.freshHead(data.labels.count, encoder.width, seed)
    let unlabelled = data.unlabelled.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
    let groups = try groups(base.centers.centers[source], unlabelled.map(\.key))
    let tuner = try ClassifierTuner(encoder, configuration, groups: groups)
    var epochs: [ClassifierTuner.Epoch] = []
    let limit = configuration.maximumLength
    let texts = [data.train.texts] + (switched?.texts.map(\.texts) ?? [])
    let examples = ClassifierTuner.Examples(
      rows: encoder.rows(texts.flatMap(\.self), maximumLength: limit),
      labels: data.train.labels + (switched?.labels ?? []),
      groups: texts.enumerated().flatMap { group, texts in texts.map { _ in group } })
    let development = data.development.map {
      ClassifierTuner.Examples(
        rows: encoder.rows($0.texts, maximumLength: limit), labels: $0.labels)
    }
    if configuration.layers != nil {
      progress.note("\(examples.rows.count) texts go through the layers that stay, once")
    }
    progress.begin(
      examples.rows.reduce(0) { $0 + $1.count } * configuration.epochs, unit: "tokens")
    var head = try tuner.tune(
      examples, development: development, head: start,
      unlabelled: unlabelled.map {
        encoder.rows(try data.reading($0.value, language: $0.key), maximumLength: limit)
      }, seed: seed,
      progress: { progress.advance($0) }
    ) { epoch in
      epochs.append(epoch)
      let dev = epoch.developmentLoss.map { String(format: ", development %.4f", $0) } ?? ""
      progress.note(
        "epoch \(epoch.number) of \(configuration.epochs), loss "
          + String(format: "%.4f", epoch.loss) + dev)
    }
    progress.end()
    let tuned = try FeatureSet(
      data, encoder, withCenters: method.center != .none,
      withLabelled: configuration.refitsHead, progress: &progress)
    var features = method.center == .none ? tuned : try tuned.centered(source: source)
    features.centers = tuned.centers
    if configuration.refitsHead {
      let fit = SoftmaxRegression(
        inversePenalty: probe.record.inversePenalty, balancesClasses: method.balancesClasses)
      let others = configuration.refitsOn == .source ? nil : switched
      let again = try others.map {
        try SwitchedFeatures($0.texts, encoder, progress: &progress)
      }
      let (train, labels) = try self.examples(features.train, again)
      head = try fit.fit(train, labels: labels, classCount: data.labels.count, from: head)
    }
    var record = probe.record
    record.epochs = epochs
    record.parameterCount += tuner.movingParameterCount
    return MethodResult(head: head, features: try placed(features, under: head), record: record)
  }

  /// The source's text, then switched text of each language, which is moved into that language where it has text without labels.
  private func groups(
    _ center: Tensor?, _ unlabelled: [String]
  ) throws -> [ClassifierTuner.Group] {
    let isCentered = method.center != .none
    let source = ClassifierTuner.Group(center: isCentered ? center : nil)
    guard let switched else { return [source] }
    return try [source]
      + zip(switched.texts, switched.centers()).map { text, center in
        .init(
          center: isCentered ? center : nil, destination: unlabelled.firstIndex(of: text.language))
      }
  }

  private static func freshHead(
    _ classCount: Int, _ width: Int, _ seed: UInt64
  ) throws -> SoftmaxHead {
    try Engine.seed(seed)
    return SoftmaxHead(
      weight: try Tensor.normal([classCount, width]).multiplied(by: 0.02),
      bias: try .zeros([classCount]))
  }
}
