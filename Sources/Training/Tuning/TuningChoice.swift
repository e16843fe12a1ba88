// SPDX-License-Identifier: Apache-2.0

import Transformers

/// How a body is tuned, by the names that the field has for it, with the settings of each.
public struct TuningChoice: Sendable, Equatable, Codable {
  /// The name of a way to tune.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// The head alone, on states as they are.
    case head
    /// The last layers (``TuningChoice/layers``).
    case top
    /// Every parameter; of the table of words the rows that occur.
    case full
    /// Of the body only biases (BitFit; Ben Zaken and others, 2022).
    case biases
    /// Low-rank changes of linear maps (LoRA; Hu and others, 2022).
    case lora
    /// Rescaled keys, values and inner states ((IA)³; Liu and others, 2022).
    case ia3
    /// Keys and values in front of every row's own (prefix tuning; Li and Liang, 2021).
    case prefix
    /// A bottleneck behind each layer (Pfeiffer and others, 2020).
    case pfeiffer
    /// Bottlenecks behind attention and feed-forward maps (Houlsby and others, 2019).
    case houlsby
    /// A language's adapter (MAD-X; Pfeiffer and others, 2020): wide bottlenecks behind each layer, and an invertible
    /// one behind the embeddings; to be trained on unlabelled text.
    case language

    /// A peak step size that suits the method with the usual batches, for what moves beside the head.
    public var standardRate: Double {
      switch self {
      case .full: 5e-5
      case .top: 1e-4
      case .head, .biases, .lora, .houlsby, .pfeiffer, .language: 1e-3
      case .ia3, .prefix: 5e-3
      }
    }

    /// A peak step size for the head of a task that pools states into one vector, or of one that reads each token's.
    public func standardHeadRate(poolsStates: Bool) -> Double {
      let rate = poolsStates ? 1e-2 : 1e-3
      return self == .head ? rate * 3 : rate
    }

    /// Whether the body itself is changed, so that it has to be kept with the model.
    public var changesBody: Bool { self == .top || self == .full || self == .biases }

    /// The body's width over a bottleneck's as papers have it: 2 of a language's adapter, 16 of others.
    public var standardReductionFactor: Double { self == .language ? 2 : 16 }
  }

  /// The way.
  public var kind: Kind
  /// How many of the last layers ``Kind/top`` moves; 4.
  public var layers = 4
  /// The rank of LoRA's changes; 8.
  public var rank = 8
  /// What LoRA's changes are multiplied by, divided by the rank; 16.
  public var alpha = 16.0
  /// The linear maps that LoRA changes, by the ends of their names, or `all`; queries and values by default.
  public var targets: [String] = []
  /// The body's width divided by that of a bottleneck; ``Kind/standardReductionFactor``.
  public var reductionFactor: Double
  /// Virtual tokens of ``Kind/prefix``; 20.
  public var prefixLength = 20
  /// Dropout in front of what LoRA and bottlenecks add; 0.
  public var adapterDropout = 0.0

  /// A way with its usual settings.
  public init(_ kind: Kind) {
    self.kind = kind
    reductionFactor = kind.standardReductionFactor
  }

  /// What moves.
  public var method: TuningMethod {
    switch kind {
    case .head: return .head
    case .top, .full, .biases: return .body
    case .lora:
      var configuration = LoRAConfiguration()
      (configuration.rank, configuration.alpha) = (rank, alpha)
      configuration.dropout = adapterDropout
      if !targets.isEmpty {
        configuration.selection = LinearSelection(targets == ["all"] ? ["all-linear"] : targets)
        configuration.selection.isAll = targets == ["all"]
      }
      return .adapter(.lora(configuration))
    case .ia3:
      let inner = LinearSelection(["output.dense"])
      var selection = LinearSelection(
        targets.isEmpty ? ["key", "value", "output.dense"] : targets)
      // "attention.output.dense" ends in the same words.
      selection.excluded = ["attention.output.dense"]
      return .adapter(.rescaling(selection, inputs: inner))
    case .prefix: return .adapter(.prefix(PrefixConfiguration(length: prefixLength)))
    case .pfeiffer, .houlsby, .language:
      var configuration: BottleneckConfiguration =
        kind == .houlsby ? .houlsby : kind == .language ? .language : .pfeiffer
      configuration.reductionFactor = reductionFactor
      configuration.dropout = adapterDropout
      return .adapter(.bottleneck(configuration))
    }
  }

  /// Puts what the way means for single parameters into a plan.
  public func select(in plan: inout TrainingPlan) {
    if kind == .top { plan.selection.lastLayers = layers }
    if kind == .biases { plan.selection.onlyBiases = true }
  }

  /// What the way is, in a few words.
  public var summary: String {
    switch kind {
    case .head: "the head alone"
    case .top: "the last \(layers) layers"
    case .full: "every parameter"
    case .biases: "biases"
    case .lora:
      "LoRA of rank \(rank)"
        + (targets.isEmpty
          ? "" : targets == ["all"] ? " in all maps" : " in \(targets.joined(separator: ", "))")
    case .ia3: "(IA)³"
    case .prefix: "a prefix of \(prefixLength)"
    case .pfeiffer: "bottlenecks behind layers, reduced by \(String(describing: reductionFactor))"
    case .houlsby: "bottlenecks behind sublayers, reduced by \(String(describing: reductionFactor))"
    case .language: "a language's adapter, reduced by \(String(describing: reductionFactor))"
    }
  }
}
