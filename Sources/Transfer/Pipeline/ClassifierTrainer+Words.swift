// SPDX-License-Identifier: Apache-2.0

import Tasks
import Torch

extension ClassifierTrainer {
  /// The method's head on the frozen base, with scores of the encoder's tokens beside it; both are fitted at once.
  func probe(_ base: FeatureSet, beside encoder: any SentenceEncoder) throws -> MethodResult {
    let features = method.center == .none ? base : try base.centered(source: data.train.language)
    let train = encoder.rows(data.train.texts)
    let bag = TokenBag(learningFrom: train)
    let held = encoder.rows(data.development?.texts ?? [])
    let (labels, classCount) = (data.train.labels, data.labels.count)
    var fit = SparseSoftmaxRegression(balancesClasses: method.balancesClasses)
    let (chosen, penalty, isChosen) = try PenaltySearch.fit(
      fixed: method.inversePenalty, standard: fit.inversePenalty,
      labels: features.development == nil ? nil : data.development?.labels
    ) {
      penalty,
      start -> (head: SoftmaxHead, tokens: TokenHead, solution: SparseSoftmaxRegression.Model) in
      fit.inversePenalty = penalty
      return try fit.fit(
        features.train, tokens: train, bag: bag, scale: method.words, labels: labels,
        classCount: classCount, from: start?.solution)
    } predict: { fitted in
      try features.development.map {
        try TextClassifier.probabilities($0, fitted.head, words: (fitted.tokens, held))
      } ?? []
    }
    let test = try data.test.map {
      ($0.language, encoder.rows(try data.reading($0.texts, language: $0.language)))
    }
    return MethodResult(
      head: chosen.head, features: features,
      record: MethodRecord(
        inversePenalty: penalty, choseInversePenalty: isChosen,
        parameterCount: chosen.head.weight.count + chosen.head.bias.count
          + bag.count * classCount, epochs: []),
      words: (chosen.tokens, Dictionary(uniqueKeysWithValues: test)))
  }
}
