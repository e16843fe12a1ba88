// SPDX-License-Identifier: Apache-2.0

import Tasks
import Torch

/// Trains the bag of words that a recipe compares with.
struct WordsTrainer {
  let method: Recipe.Method
  let data: TaskData

  /// Fits the classifier, its penalty chosen on development data where none is named, and predicts.
  func train(note: (String) -> Void) throws -> MethodArtifacts {
    let words = BagOfWords(learningFrom: data.train.texts)
    guard words.count > 0 else {
      throw RecipeError(.data, "no word comes in two training texts: there is no bag of words")
    }
    let rows = words.rows(data.train.texts)
    note("\(words.count) words and pairs of words")
    let (labels, classCount) = (data.train.labels, data.labels.count)
    var fit = SparseSoftmaxRegression(balancesClasses: method.balancesClasses)
    let held = words.rows(data.development?.texts ?? [])
    let (chosen, penalty, isChosen) = try PenaltySearch.fit(
      fixed: method.inversePenalty, standard: fit.inversePenalty, labels: data.development?.labels
    ) { penalty, start in
      fit.inversePenalty = penalty
      return try fit.fit(rows, labels: labels, classCount: classCount, from: start)
    } predict: { model in
      model.probabilities(held)
    }
    var probabilities: [String: [[Float]]] = [:]
    for examples in data.test {
      probabilities[examples.language] = chosen.probabilities(words.rows(examples.texts))
    }
    return try MethodArtifacts(
      probabilities: probabilities,
      head: SoftmaxHead(
        weight: Tensor(
          chosen.parameters.dropLast(classCount).map(Float.init), shape: [words.count, classCount]
        ).transposed().contiguous(),
        bias: Tensor(chosen.parameters.suffix(classCount).map(Float.init))),
      record: MethodRecord(
        inversePenalty: penalty, choseInversePenalty: isChosen,
        parameterCount: chosen.parameters.count, epochs: []))
  }
}
