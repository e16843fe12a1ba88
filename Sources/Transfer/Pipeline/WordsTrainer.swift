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
    var model: SparseSoftmaxRegression.Model?
    if let fixed = method.inversePenalty {
      fit.inversePenalty = fixed
    } else if let development = data.development {
      let held = words.rows(development.texts)
      var best = (accuracy: -1.0, penalty: fit.inversePenalty)
      var kept: SparseSoftmaxRegression.Model?
      for penalty in ClassifierTrainer.inversePenalties {
        fit.inversePenalty = penalty
        let candidate = try fit.fit(rows, labels: labels, classCount: classCount, from: model)
        model = candidate
        let right = zip(candidate.probabilities(held), development.labels).filter { row, label in
          row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 } == label
        }.count
        let accuracy = Double(right) / Double(max(development.labels.count, 1))
        if accuracy > best.accuracy {
          best = (accuracy, penalty)
          kept = candidate
        }
      }
      fit.inversePenalty = best.penalty
      model = kept
    }
    let chosen = try model ?? fit.fit(rows, labels: labels, classCount: classCount)
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
        inversePenalty: fit.inversePenalty,
        choseInversePenalty: method.inversePenalty == nil && data.development != nil,
        parameterCount: chosen.parameters.count, epochs: []))
  }
}
