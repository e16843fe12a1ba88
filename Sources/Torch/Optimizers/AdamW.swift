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
    public var parameters: [Tensor]
    /// The step size; schedules change it between steps.
    public var rate: Double
    /// Decoupled decay, as a multiple of the rate.
    public var weightDecay: Double
    fileprivate var state: State?

    /// A group of parameters with its rate and decay.
    public init(_ parameters: [Tensor], rate: Double, weightDecay: Double = 0.01) {
      self.parameters = parameters
      self.rate = rate
      self.weightDecay = weightDecay
    }
  }

  fileprivate struct State {
    var firstMoments: [Tensor]
    var secondMoments: [Tensor]
    var steps: [Tensor]
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
        let (parameters, gradients) = try withGradients(groups[index].parameters)
        guard !parameters.isEmpty else { continue }
        let state: State
        if let kept = groups[index].state {
          state = kept
        } else {
          state = try initialState(parameters)
        }
        guard state.steps.count == parameters.count else {
          throw TorchError(
            .operation,
            "expected gradients for \(state.steps.count) parameters as at the first step, "
              + "found \(parameters.count)", at: "AdamW")
        }
        groups[index].state = state
        for step in state.steps { try step.add(Tensor([Float(1)], shape: [])) }
        _ = try Operators.step.all(
          parameters, gradients, state.firstMoments, state.secondMoments, [Tensor](), state.steps,
          groups[index].rate, betas.0, betas.1, groups[index].weightDecay, epsilon, false, false)
        for parameter in parameters { parameter.noteChange() }
      }
    }
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
      for group in groups { gradients += try withGradients(group.parameters).gradients }
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

  private func withGradients(
    _ parameters: [Tensor]
  ) throws(TorchError) -> (parameters: [Tensor], gradients: [Tensor]) {
    var result: (parameters: [Tensor], gradients: [Tensor]) = ([], [])
    for parameter in parameters {
      guard let gradient = try parameter.gradient() else { continue }
      result.parameters.append(parameter)
      result.gradients.append(gradient)
    }
    return result
  }

  private func initialState(_ parameters: [Tensor]) throws(TorchError) -> State {
    var state = State(firstMoments: [], secondMoments: [], steps: [])
    for parameter in parameters {
      state.firstMoments.append(try .zeros(parameter.shape, dtype: parameter.dtype ?? .float32))
      state.secondMoments.append(try .zeros(parameter.shape, dtype: parameter.dtype ?? .float32))
      state.steps.append(try .zeros([]))
    }
    return state
  }
}
