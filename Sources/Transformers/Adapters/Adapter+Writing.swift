// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

extension Adapter {
  /// Writes the directory that PEFT or AdapterHub reads, whole or not at all.
  ///
  /// - Parameters:
  ///   - directory: is made; one that is there is replaced.
  ///   - prefix: what the task model puts before its encoder's names: "roberta", "bert", "" for a bare one.
  ///   - baseModel: what `base_model_name_or_path` says.
  public func save(to directory: URL, prefix: String, baseModel: String = "") throws {
    let metadata = bodyHash.map { [Self.bodyKey: $0] } ?? [:]
    func full(_ name: String) -> String {
      let isBody = BodyNames.isBody(name) || name.hasPrefix("invertible_adapters.")
      return isBody && !prefix.isEmpty ? "\(prefix).\(name)" : name
    }
    try AtomicDirectory.write(directory) { partial in
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let place = partial.appendingPathComponent("adapter_config.json")
      do {
        try encoder.encode(json(baseModel: baseModel)).write(to: place)
      } catch {
        throw TransformerError(
          .file, "cannot be written: \(error.localizedDescription)", at: place.path)
      }
      if case .bottleneck = kind {
        try SafetensorsFile.write(
          parameters.map { (full($0.name), try $0.tensor.detached()) }, metadata: metadata,
          to: partial.appendingPathComponent("adapter.safetensors"))
      } else {
        try SafetensorsFile.write(
          (parameters + head).map {
            (
              $0.name == AdapterFitting.prefixName
                ? $0.name : "base_model.model.\(full($0.name))",
              try $0.tensor.detached()
            )
          },
          metadata: metadata, to: partial.appendingPathComponent("adapter_model.safetensors"))
      }
    }
  }

  private func json(baseModel: String) -> JSONValue {
    switch kind {
    case .bottleneck(let configuration):
      return .object([
        "config": configuration.json, "name": .string(name), "version": .string("adapters.1.0.0"),
        "model_name": .string(baseModel),
      ])
    case .lora(let configuration):
      var fields = configuration.selection.json
      fields["peft_type"] = .string("LORA")
      fields["r"] = .number(Double(configuration.rank))
      fields["lora_alpha"] = .number(configuration.alpha)
      fields["lora_dropout"] = .number(configuration.dropout)
      fields["use_rslora"] = .bool(configuration.scalesByRoot)
      fields["rank_pattern"] = .object(configuration.ranks.mapValues(JSONValue.number))
      fields["alpha_pattern"] = .object(configuration.alphas.mapValues(JSONValue.number))
      fields["bias"] = .string("none")
      return .object(common(fields, baseModel))
    case .prefix(let configuration):
      let width = self[AdapterFitting.prefixName]?.shape.last ?? 0
      return .object(
        common(
          [
            "peft_type": .string("PREFIX_TUNING"),
            "num_virtual_tokens": .number(Double(configuration.length)),
            "num_layers": .number(Double(configuration.layerCount)),
            "token_dim": .number(Double(width / max(2 * configuration.layerCount, 1))),
            "num_attention_heads": .number(Double(configuration.headCount)),
            "num_transformer_submodules": .number(1), "prefix_projection": .bool(false),
          ], baseModel))
    case .rescaling(let selection, let inputs):
      var fields = selection.json
      fields["peft_type"] = .string("IA3")
      fields["feedforward_modules"] = .array(inputs.names.map(JSONValue.string))
      return .object(common(fields, baseModel))
    }
  }

  private func common(_ fields: [String: JSONValue], _ baseModel: String) -> [String: JSONValue] {
    var fields = fields
    fields["base_model_name_or_path"] = .string(baseModel)
    fields["inference_mode"] = .bool(true)
    let heads = Set(head.compactMap { $0.name.split(separator: ".").first.map(String.init) })
    fields["modules_to_save"] = heads.isEmpty ? .null : .array(heads.sorted().map(JSONValue.string))
    return fields
  }
}

extension LinearSelection {
  fileprivate var json: [String: JSONValue] {
    [
      "target_modules": isAll
        ? .string("all-linear")
        : isExpression ? .string(names.first ?? "") : .array(names.map(JSONValue.string)),
      "exclude_modules": excluded.isEmpty ? .null : .array(excluded.map(JSONValue.string)),
      "layers_to_transform": layers.map { .array($0.map { .number(Double($0)) }) } ?? .null,
    ]
  }
}
