// SPDX-License-Identifier: Apache-2.0

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), in the engine's fused kernel.
///
/// One call updates all parameters of a group; unfused, the update costs several times the rest of a
/// small model's step.
public final class AdamW {
  private enum Operators {
    static let step = Operator("aten::_fused_adamw_")
  }

  /// Parameters that share a rate and a decay.
  public struct Group {
    /// Leaves that require gradients.
    public let parameters: [Tensor]
    /// The step size; schedules change it between steps.
    public var rate: Double
    /// Decoupled decay, as a multiple of the rate.
    public var weightDecay: Double
    /// What is remembered of each parameter; nil until its first gradient.
    public fileprivate(set) var moments: [Moments?]

    /// A group of parameters with its rate and decay.
    public init(_ parameters: [Tensor], rate: Double, weightDecay: Double = 0.01) {
      self.parameters = parameters
      self.rate = rate
      self.weightDecay = weightDecay
      moments = Array(repeating: nil, count: parameters.count)
    }
  }

  /// What the optimiser remembers of one parameter.
  public struct Moments {
    /// The decaying mean of gradients.
    public var first: Tensor
    /// The decaying mean of their squares.
    public var second: Tensor
    /// Updates taken so far, a scalar.
    public var step: Tensor

    /// Moments that were kept, as of an interrupted training.
    public init(first: Tensor, second: Tensor, step: Tensor) {
      (self.first, self.second, self.step) = (first, second, step)
    }
  }

  /// The groups, in the order given.
  public var groups: [Group]
  private let betas: (Double, Double)
  private let epsilon: Double

  /// An optimiser over groups; the constants' defaults are PyTorch's.
  public init(
    _ groups: [Group], betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8
  ) {
    self.groups = groups
    self.betas = betas
    self.epsilon = epsilon
  }

  /// One update from the gradients that have been accumulated; parameters without one stay.
  public func step() throws(TorchError) {
    try GradientMode.disabled { () throws(TorchError) in
      for index in groups.indices {
        var (parameters, gradients): ([Tensor], [Tensor]) = ([], [])
        var moments: [Moments] = []
        for (place, parameter) in groups[index].parameters.enumerated() {
          guard let gradient = try parameter.gradient() else { continue }
          let known: Moments
          if let kept = groups[index].moments[place] {
            known = kept
          } else {
            known = try initialMoments(parameter)
          }
          groups[index].moments[place] = known
          parameters.append(parameter)
          gradients.append(gradient)
          moments.append(known)
        }
        guard !parameters.isEmpty else { continue }
        for moment in moments { try moment.step.add(Tensor([Float(1)], shape: [])) }
        _ = try Operators.step.all(
          parameters, gradients, moments.map(\.first), moments.map(\.second), [Tensor](),
          moments.map(\.step), groups[index].rate, betas.0, betas.1, groups[index].weightDecay,
          epsilon, false, false)
        for parameter in parameters { parameter.noteChange() }
      }
    }
  }

  /// Takes up what was remembered of a parameter before.
  public func restore(_ moments: Moments, group: Int, parameter: Int) {
    groups[group].moments[parameter] = moments
  }

  /// Drops all gradients.
  public func clearGradients() throws(TorchError) {
    for group in groups {
      for parameter in group.parameters { try parameter.clearGradient() }
    }
  }

  /// Scales all gradients so that their common norm is at most `maximum`; returns the norm before.
  @discardableResult
  public func clipGradients(_ maximum: Double) throws(TorchError) -> Double {
    try GradientMode.disabled { () throws(TorchError) in
      var gradients: [Tensor] = []
      for group in groups { gradients += try self.gradients(group.parameters) }
      guard !gradients.isEmpty else { return 0 }
      var squares = 0.0
      for gradient in gradients {
        let norm = try gradient.norm().item()
        squares += norm * norm
      }
      let norm = squares.squareRoot()
      if norm > maximum {
        for gradient in gradients { try gradient.scale(by: maximum / (norm + 1e-6)) }
      }
      return norm
    }
  }

  private func gradients(_ parameters: [Tensor]) throws(TorchError) -> [Tensor] {
    var result: [Tensor] = []
    for parameter in parameters {
      if let gradient = try parameter.gradient() { result.append(gradient) }
    }
    return result
  }

  private func initialMoments(_ parameter: Tensor) throws(TorchError) -> Moments {
    let type = parameter.dtype ?? .float32
    return Moments(
      first: try .zeros(parameter.shape, dtype: type),
      second: try .zeros(parameter.shape, dtype: type), step: try .zeros([]))
  }
}
