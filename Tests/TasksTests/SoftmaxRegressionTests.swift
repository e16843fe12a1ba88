// SPDX-License-Identifier: Apache-2.0

import Tasks
import Testing
import Torch

@Suite struct SoftmaxRegressionTests {
  /// Three clouds in the plane, drawn from the engine's generator.
  private static func clouds(_ perClass: [Int]) throws -> (features: Tensor, labels: [Int]) {
    try Engine.seed(5)
    let centers: [[Float]] = [[2, 0], [-1, 2], [-1, -2]]
    var parts: [Tensor] = []
    var labels: [Int] = []
    for (label, count) in perClass.enumerated() {
      parts.append(try Tensor.normal([count, 2]).adding(Tensor(centers[label], shape: [1, 2])))
      labels += repeatElement(label, count: count)
    }
    return (try Tensor.concatenated(parts), labels)
  }

  @Test("the fit is the objective's minimum: its gradient is zero there")
  func converges() async throws {
    try await Compute.run {
      let (features, labels) = try Self.clouds([30, 30, 30])
      let c = 3.0
      let head = try SoftmaxRegression(inversePenalty: c)
        .fit(features, labels: labels, classCount: 3)
      let (weight, bias) = (try head.weight.clone(), try head.bias.clone())
      try weight.setRequiresGradient()
      try bias.setRequiresGradient()
      let logits = try features.linear(weight, bias)
      let loss = try logits.crossEntropy(Tensor(labels.map(Int64.init)))
        .multiplied(by: c * Double(labels.count))
      let penalty = try weight.multiplied(by: weight).sum().multiplied(by: 0.5)
      try loss.adding(penalty).backward()
      for parameter in [weight, bias] {
        let gradient = try #require(try parameter.gradient()).elements(as: Float.self)
        #expect(gradient.allSatisfy { abs($0) < 1e-3 })
      }
    }
  }

  @Test("where the search starts changes nothing")
  func isConvex() async throws {
    try await Compute.run {
      let (features, labels) = try Self.clouds([20, 25, 30])
      let fit = SoftmaxRegression(inversePenalty: 10)
      let first = try fit.fit(features, labels: labels, classCount: 3)
      let far = SoftmaxHead(
        weight: try Tensor.normal([3, 2]).multiplied(by: 5), bias: try .zeros([3]))
      let second = try fit.fit(features, labels: labels, classCount: 3, from: far)
      let difference = try first.weight.subtracting(second.weight).elements(as: Float.self)
      #expect(difference.allSatisfy { abs($0) < 1e-3 })
    }
  }

  @Test("balanced classes weigh the same in all")
  func balance() {
    let weights = SoftmaxRegression.weights([0, 0, 0, 1], 2, true)
    #expect(weights == [4.0 / 6, 4.0 / 2])
    #expect(SoftmaxRegression.weights([0, 1], 2, false) == [1, 1])
  }
}

@Suite struct ZeroShotTests {
  private let labels: LabelSet

  init() throws { labels = try LabelSet(["b", "a"]) }

  @Test("text of another language is refused as training data")
  func refusesLeaks() {
    let error = #expect(throws: TaskError.self) {
      try SourceExamples(
        language: "en", examples: [("x", "a", "en"), ("y", "b", "de")], labelSet: labels)
    }
    #expect(error?.code == .leak)
  }

  @Test("labels open only against as many predictions as there are texts")
  func opensAgainstPredictions() throws {
    let target = try TargetExamples(
      language: "de", examples: [("x", "b"), ("y", "a")], labelSet: labels)
    #expect(throws: TaskError.self) { try target.outcomes([[1, 0]]) }
    let outcomes = try target.outcomes([[0.2, 0.8], [0.4, 0.6]])
    #expect(outcomes.isCorrect == [true, false])
  }

  @Test("one class is no task, and a label unseen in training is named")
  func badLabels() {
    #expect(throws: TaskError.self) { try LabelSet(["a", "a"]) }
    let error = #expect(throws: TaskError.self) {
      try TargetExamples(language: "de", examples: [("x", "c")], labelSet: labels)
    }
    #expect(error?.message.contains("'c'") == true)
  }
}

@Suite struct LanguageCentersTests {
  @Test("rows lose their own language's mean, or the nearest one where the language is not known")
  func centers() async throws {
    try await Compute.run {
      var centers = LanguageCenters()
      try centers.learn("aa", from: Tensor([Float(1), 0, 3, 0], shape: [2, 2]))
      try centers.learn("bb", from: Tensor([Float(0), 5], shape: [1, 2]))
      let rows = try Tensor([Float(2), 1, 0, 6, 2, 1], shape: [3, 2])
      let centered = try centers.centered(rows, languages: ["aa", nil, "zz"])
      #expect(try centered.elements(as: Float.self) == [0, 1, 0, 1, 0, 1])
    }
  }
}
