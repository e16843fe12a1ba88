// SPDX-License-Identifier: Apache-2.0

import Torch

/// A linear map from features to class scores: multinomial logistic regression's model.
///
/// # Shapes
/// | tensor | shape |
/// |---|---|
/// | features | `[rows, width]` |
/// | `weight` | `[classes, width]` |
/// | `bias` | `[classes]` |
/// | logits | `[rows, classes]` |
public struct SoftmaxHead {
  /// The map's weights.
  public var weight: Tensor
  /// The map's offsets.
  public var bias: Tensor

  /// A head from its parameters.
  public init(weight: Tensor, bias: Tensor) {
    self.weight = weight
    self.bias = bias
  }

  /// Scores before the softmax.
  public func logits(_ features: Tensor) throws(TorchError) -> Tensor {
    try features.linear(weight, bias)
  }
}

/// Fits a ``SoftmaxHead`` on fixed features: multinomial logistic regression with an L2 penalty on the
/// weights (not on the offsets), as scikit-learn's `LogisticRegression` defines it.
///
/// Minimises C Σᵢ wᵢ CE(xᵢ, yᵢ) + ½ ‖W‖², with L-BFGS in double precision, to convergence; the objective is
/// convex, so there is one solution.
public struct SoftmaxRegression: Sendable {
  /// How weak the penalty is, C in scikit-learn.
  ///
  /// Features of length one want 10 to 100.
  public var inversePenalty: Double
  /// Whether classes weigh the same in all, whatever their number of examples.
  public var balancesClasses: Bool

  /// A fit with its penalty; 30 suits normalised sentence embeddings.
  public init(inversePenalty: Double = 30, balancesClasses: Bool = false) {
    self.inversePenalty = inversePenalty
    self.balancesClasses = balancesClasses
  }

  /// Fits a head.
  ///
  /// - Parameters:
  ///   - features: `[rows, width]`.
  ///   - labels: one class per row.
  ///   - classCount: the number of classes.
  ///   - start: where to start from, to save steps along a path of penalties.
  public func fit(
    _ features: Tensor, labels: [Int], classCount: Int, from start: SoftmaxHead? = nil
  ) throws -> SoftmaxHead {
    try GradientMode.disabled {
      let problem = try Problem(
        features, labels, classCount, Self.weights(labels, classCount, balancesClasses),
        inversePenalty)
      var solver = LBFGS()
      // The gradient is summed over rows, so what counts as small grows with them.
      solver.tolerance = 1e-5 * max(1, inversePenalty * Double(labels.count) * 1e-3)
      let solution = try solver.minimize(problem.evaluate, from: problem.start(start))
      return try problem.head(solution.point)
    }
  }

  /// The weight of each class: 1, or rows / (classes × rows of the class).
  public static func weights(
    _ labels: [Int], _ classCount: Int, _ balanced: Bool
  ) -> [Double] {
    guard balanced else { return [Double](repeating: 1, count: classCount) }
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[label] += 1 }
    return counts.map { Double(labels.count) / Double(classCount * max($0, 1)) }
  }

  private struct Problem {
    let features: Tensor
    let targets: Tensor
    let rowWeights: Tensor
    let classCount: Int
    let width: Int
    let inversePenalty: Double

    init(
      _ features: Tensor, _ labels: [Int], _ classCount: Int, _ weights: [Double],
      _ inversePenalty: Double
    ) throws {
      self.features = try features.converted(to: .float64)
      self.classCount = classCount
      self.inversePenalty = inversePenalty
      width = features.shape[1]
      var oneHot = [Double](repeating: 0, count: labels.count * classCount)
      for (row, label) in labels.enumerated() { oneHot[row * classCount + label] = 1 }
      targets = try Tensor(oneHot, shape: [labels.count, classCount])
      rowWeights = try Tensor(labels.map { weights[$0] }, shape: [labels.count, 1])
    }

    func start(_ head: SoftmaxHead?) throws -> [Double] {
      guard let head else { return [Double](repeating: 0, count: classCount * (width + 1)) }
      return try head.weight.elements(as: Double.self) + head.bias.elements(as: Double.self)
    }

    func evaluate(_ point: [Double]) throws -> (value: Double, gradient: [Double]) {
      let weightCount = classCount * width
      let weight = try Tensor(Array(point[..<weightCount]), shape: [classCount, width])
      let bias = try Tensor(Array(point[weightCount...]))
      let logProbabilities = try features.matmul(weight.transposed()).adding(bias).logSoftmax()
      let loss = try logProbabilities.multiplied(by: targets).multiplied(by: rowWeights).sum()
        .item()
      let slope = try logProbabilities.exp().subtracting(targets).multiplied(by: rowWeights)
        .multiplied(by: inversePenalty)  // [rows, classes]
      let weightGradient = try slope.transposed().matmul(features).adding(weight)
      let biasGradient = try slope.sum([0])
      let penalty = 0.5 * point[..<weightCount].reduce(0) { $0 + $1 * $1 }
      return (
        penalty - inversePenalty * loss,
        try weightGradient.elements(as: Double.self) + biasGradient.elements(as: Double.self)
      )
    }

    func head(_ point: [Double]) throws -> SoftmaxHead {
      let weightCount = classCount * width
      return SoftmaxHead(
        weight: try Tensor(point[..<weightCount].map(Float.init), shape: [classCount, width]),
        bias: try Tensor(point[weightCount...].map(Float.init)))
    }
  }
}
