// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

/// Where bottlenecks stand and how wide they are, as AdapterHub's `adapter_config.json` says it.
public struct BottleneckConfiguration: Sendable, Equatable {
  /// Whether one stands after attention.
  public var followsAttention = false
  /// Whether one stands after the feed-forward network.
  public var followsFeedForward = true
  /// The states' width over the bottleneck's.
  public var reductionFactor = 16.0
  /// What stands between the two maps.
  public var activation: Tensor.Activation? = .relu
  /// Whether it reads the sublayer's sum after the sublayer's norm, and not the sublayer's output.
  public var normsInput = true
  /// Whether the sublayer's output goes around it as it was before the norm.
  public var keepsSublayerOutput = true
  /// Whether it reads what the sublayer reads (He and others, 2022).
  public var isParallel = false
  /// What its output is multiplied with.
  public var scale = 1.0
  /// Dropout of its output in training.
  public var dropout = 0.0
  /// Whether it has a norm of its own before its first map, and after its second.
  public var hasNormBefore = false
  /// See ``hasNormBefore``.
  public var hasNormAfter = false
  /// Layers that have none, counted from 0.
  public var leftOut: Set<Int> = []
  /// The width of invertible adapters after the embeddings (NICE; Dinh and others, 2015) is the states' over this; nil
  /// for none.
  public var invertibleReductionFactor: Double?

  /// One after the feed-forward network, with 1/16 of the width (Pfeiffer and others, 2020): AdapterHub's `seq_bn`.
  public static let pfeiffer = BottleneckConfiguration()

  /// One after each sublayer (Houlsby and others, 2019): AdapterHub's `double_seq_bn`.
  public static let houlsby: BottleneckConfiguration = {
    var result = BottleneckConfiguration()
    result.followsAttention = true
    result.normsInput = false
    result.activation = .silu
    return result
  }()

  /// A language adapter as in MAD-X (Pfeiffer and others, 2020): half the width, and an invertible one beside the
  /// embeddings; AdapterHub's `seq_bn_inv` with a factor of 2.
  public static let language: BottleneckConfiguration = {
    var result = BottleneckConfiguration()
    result.reductionFactor = 2
    result.invertibleReductionFactor = 2
    return result
  }()

  /// A bottleneck after the feed-forward network.
  public init() {}

  /// The width between the two maps, at least 1.
  func width(_ hidden: Int) -> Int { max(1, Int(Double(hidden) / reductionFactor)) }
}

extension BottleneckConfiguration {
  /// Reads the `config` object of an AdapterHub `adapter_config.json`.
  init(_ fields: JSONFields) throws {
    func refuse(_ name: String, _ what: String) throws {
      if try fields.bool(name) == true {
        throw TransformerError(
          .configuration, "'\(name)' asks for \(what), which Koine does not have", at: fields.path)
      }
    }
    try refuse("phm_layer", "a hypercomplex adapter (Compacter)")
    try refuse("use_gating", "a gated adapter")
    followsAttention = try fields.bool("mh_adapter") ?? false
    followsFeedForward = try fields.bool("output_adapter") ?? true
    reductionFactor = try fields.number("reduction_factor") ?? 16
    guard reductionFactor > 0 else {
      throw TransformerError(
        .configuration, "'reduction_factor' must be above 0, found \(reductionFactor)",
        at: fields.path)
    }
    switch try fields.string("non_linearity") ?? "relu" {
    case "linear", "identity": activation = nil
    case let name:
      guard let known = Tensor.Activation(configurationName: name) else {
        throw TransformerError(
          .configuration, "'non_linearity' is '\(name)', which Koine does not have", at: fields.path
        )
      }
      activation = known
    }
    isParallel = try fields.bool("is_parallel") ?? false
    normsInput = try !isParallel && (fields.bool("original_ln_before") ?? false)
    keepsSublayerOutput = try fields.bool("residual_before_ln") ?? true
    guard try fields.bool("original_ln_after") ?? true else {
      throw TransformerError(
        .configuration, "'original_ln_after' is false; expected true", at: fields.path)
    }
    if try fields.bool("adapter_residual_before_ln") == true, try fields.bool("ln_after") == true {
      throw TransformerError(
        .configuration,
        "'adapter_residual_before_ln' is true together with 'ln_after'; expected false",
        at: fields.path)
    }
    scale = try fields.number("scaling") ?? 1
    dropout = try fields.number("dropout") ?? 0
    hasNormBefore = try fields.bool("ln_before") ?? false
    hasNormAfter = try fields.bool("ln_after") ?? false
    leftOut = Set(try fields.integers("leave_out") ?? [])
    switch try fields.string("inv_adapter") {
    case nil: invertibleReductionFactor = nil
    case "nice"?: invertibleReductionFactor = try fields.number("inv_adapter_reduction_factor") ?? 2
    case let kind?:
      throw TransformerError(
        .configuration, "'inv_adapter' is '\(kind)'; expected nice or none", at: fields.path)
    }
  }

  /// What AdapterHub's `adapter_config.json` says of it.
  var json: JSONValue {
    let name = activation.map { $0 == .silu ? "swish" : $0.rawValue } ?? "linear"
    return .object([
      "adapter_residual_before_ln": .bool(false), "cross_adapter": .bool(false),
      "dropout": .number(dropout),
      "inv_adapter": invertibleReductionFactor == nil ? .null : .string("nice"),
      "inv_adapter_reduction_factor": invertibleReductionFactor.map(JSONValue.number) ?? .null,
      "is_parallel": .bool(isParallel),
      "leave_out": .array(leftOut.sorted().map { .number(Double($0)) }),
      "ln_after": .bool(hasNormAfter), "ln_before": .bool(hasNormBefore),
      "mh_adapter": .bool(followsAttention), "non_linearity": .string(name),
      "original_ln_after": .bool(true), "original_ln_before": .bool(normsInput),
      "output_adapter": .bool(followsFeedForward), "phm_layer": .bool(false),
      "reduction_factor": .number(reductionFactor),
      "residual_before_ln": .bool(keepsSublayerOutput),
      "scaling": .number(scale), "use_gating": .bool(false),
    ])
  }
}
