// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

extension Adapter {
  /// Reads a directory of PEFT (LoRA, (IA)³) or of AdapterHub (bottlenecks).
  ///
  /// - Parameters:
  ///   - directory: holds `adapter_config.json` and `adapter_model.safetensors`, `adapter.safetensors`, or the `.bin`
  ///     files of before.
  ///   - name: what to call it; by default AdapterHub's name, or the directory's.
  /// - Throws: `TransformerError` for a kind of adapter that Koine does not have, and for tensors that are missing.
  public convenience init(_ directory: URL, name: String? = nil) throws {
    let configuration = try JSONFields(
      contentsOf: directory.appendingPathComponent("adapter_config.json"))
    if let type = try configuration.string("peft_type") {
      try self.init(peft: configuration, type, directory, name: name)
    } else if let fields = try configuration.object("config") {
      try self.init(hub: configuration, fields, directory, name: name)
    } else {
      throw TransformerError(
        .configuration, "is neither PEFT's ('peft_type') nor AdapterHub's ('config')",
        at: configuration.path)
    }
  }

  private convenience init(
    peft fields: JSONFields, _ type: String, _ directory: URL, name: String?
  ) throws {
    let selection = try LinearSelection(fields)
    let kind: Kind
    switch type {
    case "LORA": kind = .lora(try LoRAConfiguration(fields, selection))
    case "IA3":
      let inputs = LinearSelection(try fields.strings("feedforward_modules") ?? [])
      kind = .rescaling(selection, inputs: inputs)
    case "PREFIX_TUNING": kind = .prefix(try PrefixConfiguration(fields))
    default:
      throw TransformerError(
        .configuration, "'peft_type' is \(type); expected LORA, IA3 or PREFIX_TUNING",
        at: fields.path)
    }
    self.init(name: name ?? directory.lastPathComponent, kind: kind)
    let file = try AdapterFile(directory, ["adapter_model.safetensors", "adapter_model.bin"])
    bodyHash = file.metadata[Self.bodyKey]
    let heads = try fields.strings("modules_to_save") ?? []
    for stored in file.names {
      let tensor = try file.tensor(stored)
      let bare = BodyNames.bare(stored)
      let suffixes = [".lora_A.weight", ".lora_B.weight", ".ia3_l"]
      if suffixes.contains(where: bare.hasSuffix) || bare == AdapterFitting.prefixName {
        add(bare, tensor)
      } else if heads.contains(where: { bare.split(separator: ".").contains(Substring($0)) }) {
        head.append(.init(name: bare, tensor: tensor))
      } else {
        throw TransformerError(
          .checkpoint, "tensor '\(stored)' is no part of a \(type) adapter that Koine knows",
          at: file.url.path)
      }
    }
  }

  private convenience init(
    hub configuration: JSONFields, _ fields: JSONFields, _ directory: URL, name given: String?
  ) throws {
    if let architecture = try fields.string("architecture"), architecture != "null" {
      throw TransformerError(
        .configuration,
        "'architecture' is \(architecture); expected a bottleneck adapter (of LoRA, PEFT's directories are read)",
        at: configuration.path)
    }
    let stored = try configuration.string("name") ?? directory.lastPathComponent
    let name = given ?? stored
    self.init(name: name, kind: .bottleneck(try BottleneckConfiguration(fields)))
    let file = try AdapterFile(directory, ["adapter.safetensors", "pytorch_adapter.bin"])
    bodyHash = file.metadata[Self.bodyKey]
    for key in file.names {
      var parts = BodyNames.bare(key).split(separator: ".").map(String.init)
      for (index, part) in parts.enumerated().dropFirst() where part == stored {
        if ["adapters", "invertible_adapters"].contains(parts[index - 1]) { parts[index] = name }
      }
      add(parts.joined(separator: "."), try file.tensor(key))
    }
  }

  /// Where in a safetensors file's metadata the body's hash stands.
  static let bodyKey = "koine.body_sha256"

  /// Refuses a body that it was not trained on, where it says which that was.
  public func check(body hash: String) throws {
    guard let bodyHash, bodyHash != hash else { return }
    throw TransformerError(
      .checkpoint,
      "the adapter '\(name)' belongs to the body \(bodyHash.prefix(12))…, this one is \(hash.prefix(12))…; "
        + "use the model that it was trained on")
  }
}

extension LinearSelection {
  /// Reads PEFT's fields.
  init(_ fields: JSONFields) throws {
    let targets = try fields.strings("target_modules") ?? []
    self.init(targets)
    isAll = targets == ["all-linear"]
    isExpression = fields.isString("target_modules") && !isAll
    excluded = try fields.strings("exclude_modules") ?? []
    layers = try fields.integers("layers_to_transform")
  }
}

extension LoRAConfiguration {
  /// Reads PEFT's fields; what would change the result and is not known is refused.
  init(_ fields: JSONFields, _ selection: LinearSelection) throws {
    self.init()
    self.selection = selection
    for name in ["use_dora", "use_qalora", "lora_bias", "fan_in_fan_out", "use_bdlora"]
    where try fields.bool(name) == true {
      throw TransformerError(
        .configuration, "'\(name)' is true, which Koine does not have", at: fields.path)
    }
    if let bias = try fields.string("bias"), bias != "none" {
      throw TransformerError(
        .configuration, "'bias' is \(bias); expected none", at: fields.path)
    }
    rank = Int(try fields.number("r") ?? 8)
    alpha = try fields.number("lora_alpha") ?? 8
    guard rank > 0 else {
      throw TransformerError(
        .configuration, "'r' must be at least 1, found \(rank)", at: fields.path)
    }
    scalesByRoot = try fields.bool("use_rslora") ?? false
    dropout = try fields.number("lora_dropout") ?? 0
    ranks = try fields.numbers("rank_pattern") ?? [:]
    alphas = try fields.numbers("alpha_pattern") ?? [:]
  }
}

extension AdapterFusion {
  /// Reads AdapterHub's directory of a fusion, `adapter_fusion_config.json` and its weights.
  ///
  /// - Parameters:
  ///   - directory: the fusion's.
  ///   - adapters: those that it is over, in the order of its name.
  public convenience init(_ directory: URL, over adapters: [Adapter]) throws {
    self.init(adapters)
    let file = try AdapterFile(
      directory, ["model_adapter_fusion.safetensors", "pytorch_model_adapter_fusion.bin"])
    for key in file.names {
      parameters.append(.init(name: BodyNames.bare(key), tensor: try file.tensor(key)))
    }
    guard file.names.contains(where: { $0.contains(".adapter_fusion_layer.\(name).") }) else {
      throw TransformerError(
        .checkpoint, "is no fusion of \(name); give the adapters in the order of its name",
        at: file.url.path)
    }
  }
}
