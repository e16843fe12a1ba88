// SPDX-License-Identifier: Apache-2.0

import Torch

extension Adapter {
  /// A fresh adapter; of bottlenecks, which stand elsewhere, there are none yet.
  convenience init(fresh kind: Kind, name: String, for linears: [Linear]) throws {
    guard !name.isEmpty, !name.contains(where: { ".,/ ".contains($0) }) else {
      throw TransformerError(
        .configuration, "'\(name)' cannot be an adapter's name; expected letters, digits, - and _")
    }
    self.init(name: name, kind: kind)
    for linear in linears {
      let bare = BodyNames.bare(linear.name)
      let (outputs, inputs) = (linear.weight.shape[0], linear.weight.shape[1])
      switch kind {
      case .bottleneck, .prefix: return
      case .lora(let settings):
        guard try settings.selection.contains(bare) else { continue }
        let rank = try settings.scale(bare).rank
        // PEFT draws A from Kaiming's uniform distribution with a = √5: variance 1 / (3 inputs).
        add(
          "\(bare).lora_A.weight",
          try .normal([rank, inputs]).multiplied(by: (1 / (3 * Double(inputs))).squareRoot()))
        add("\(bare).lora_B.weight", try .zeros([outputs, rank]))
      case .rescaling(let selection, let scaledInputs):
        guard try selection.contains(bare) else { continue }
        let isInput = try scaledInputs.contains(bare)
        add("\(bare).ia3_l", try .full(isInput ? [1, inputs] : [outputs, 1], 1))
      }
    }
    guard !parameters.isEmpty else {
      let names = linears.prefix(6).map { String($0.name.split(separator: ".").last ?? "") }
      throw TransformerError(
        .configuration,
        "no linear map fits the adapter '\(name)'; the first are called \(names.joined(separator: ", "))"
      )
    }
  }

  /// Adds its changes to weights in place.
  func merge(into linears: [Linear]) throws {
    switch kind {
    case .bottleneck, .prefix:
      throw TransformerError(
        .configuration,
        "'\(name)' has bottlenecks or a prefix, which cannot be merged; LoRA and (IA)³ can")
    case .lora, .rescaling: break
    }
    let fitting = AdapterFitting(composition: .single(self), isTraining: false)
    try GradientMode.disabled {
      for var linear in linears {
        try fitting.fit(&linear)
        for module in linear.modules { try linear.merge(module) }
      }
    }
  }

  /// Puts the head that was trained beside it in place of the model's; nothing happens where there is none.
  ///
  /// - Throws: `TransformerError` where the model has no such parameter, or one of another shape.
  public func installHead(in store: ParameterStore) throws {
    try GradientMode.disabled {
      for parameter in head {
        guard
          let target = store.parameters.first(where: { BodyNames.bare($0.name) == parameter.name })
        else {
          throw TransformerError(
            .checkpoint,
            "the head of the adapter '\(name)' has '\(parameter.name)', which the model does not have"
          )
        }
        guard target.tensor.shape == parameter.tensor.shape else {
          throw TransformerError(
            .checkpoint,
            "'\(parameter.name)' of the adapter '\(name)' has shape \(parameter.tensor.shape), the model's is "
              + "\(target.tensor.shape)")
        }
        try target.tensor.copy(from: parameter.tensor)
      }
    }
  }
}

extension Linear {
  /// Puts a change into the weights themselves.
  fileprivate func merge(_ module: LinearModule) throws(TorchError) {
    switch module.change {
    case .lowRank(let down, let up, let scale, _):
      try weight.copy(from: weight.adding(up.matmul(down), scale: scale))
    case .scaledInput(let values): try weight.copy(from: weight.multiplied(by: values))
    case .scaledOutput(let values):
      try weight.copy(from: weight.multiplied(by: values))
      if let bias { try bias.copy(from: bias.multiplied(by: values.selected(1, 0))) }
    }
  }
}
