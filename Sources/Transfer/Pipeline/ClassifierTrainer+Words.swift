// SPDX-License-Identifier: Apache-2.0

import Tasks
import Torch

extension ClassifierTrainer {
  /// The method's head on the frozen base, with scores of the encoder's tokens beside it; both are fitted at once.
  func probe(_ base: FeatureSet, beside encoder: any SentenceEncoder) throws -> MethodResult {
    let features = method.center == .none ? base : try base.centered(source: data.train.language)
    let train = encoder.rows(data.train.texts)
    let bag = TokenBag(learningFrom: train)
    let (labels, classCount) = (data.train.labels, data.labels.count)
    var fit = SparseSoftmaxRegression(balancesClasses: method.balancesClasses)
    func fitted(
      from start: SparseSoftmaxRegression.Model?
    ) throws -> (head: SoftmaxHead, tokens: TokenHead, solution: SparseSoftmaxRegression.Model) {
      try fit.fit(
        features.train, tokens: train, bag: bag, scale: method.words, labels: labels,
        classCount: classCount, from: start)
    }
    var chosen: (head: SoftmaxHead, tokens: TokenHead)?
    if let fixed = method.inversePenalty {
      fit.inversePenalty = fixed
    } else if let vectors = features.development, let development = data.development {
      let held = encoder.rows(development.texts)
      var best = (accuracy: -1.0, penalty: fit.inversePenalty)
      var last: SparseSoftmaxRegression.Model?
      for penalty in Self.inversePenalties {
        fit.inversePenalty = penalty
        let candidate = try fitted(from: last)
        last = candidate.solution
        let found = try TextClassifier.probabilities(
          vectors, candidate.head, words: (candidate.tokens, held))
        let right = zip(found, development.labels).filter { row, label in
          row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 } == label
        }.count
        let accuracy = Double(right) / Double(max(development.labels.count, 1))
        if accuracy > best.accuracy {
          best = (accuracy, penalty)
          chosen = (candidate.head, candidate.tokens)
        }
      }
      fit.inversePenalty = best.penalty
    }
    if chosen == nil {
      let only = try fitted(from: nil)
      chosen = (only.head, only.tokens)
    }
    guard let chosen else { throw RecipeError(.data, "no head was fitted") }
    let test = data.test.map { ($0.language, encoder.rows($0.texts)) }
    return MethodResult(
      head: chosen.head, features: features,
      record: MethodRecord(
        inversePenalty: fit.inversePenalty,
        choseInversePenalty: method.inversePenalty == nil && features.development != nil,
        parameterCount: chosen.head.weight.count + chosen.head.bias.count
          + bag.count * classCount, epochs: []),
      words: (chosen.tokens, Dictionary(uniqueKeysWithValues: test)))
  }
}
