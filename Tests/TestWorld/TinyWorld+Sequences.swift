// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch
import Transformers

extension TinyWorld {
  /// Writes a T5 to the folder `t5`; on the compute thread.
  ///
  /// Its tokenizer has 39 pieces and behind them eight sentinels, the last one first, as T5's have.
  ///
  /// - Parameters:
  ///   - hasSentinels: whether there are any.
  ///   - family: `t5` or `mt5`.
  @Compute
  public static func makeSequenceModel(
    in folder: URL, hasSentinels: Bool = true, family: String = "t5"
  ) throws {
    let model = folder.appendingPathComponent("t5")
    try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
    let configuration = """
      {"model_type": "\(family)", "architectures": ["T5ForConditionalGeneration"], "vocab_size": 48, "d_model": 32, "d_kv": 16,
       "d_ff": 48, "num_layers": 2, "num_decoder_layers": 2, "num_heads": 2, "relative_attention_num_buckets": 8,
       "relative_attention_max_distance": 16, "pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0,
       "dropout_rate": 0.1}
      """
    let file = model.appendingPathComponent("config.json")
    try Data(configuration.utf8).write(to: file)
    try Engine.seed(5)
    let store = ParameterStore(.fresh)
    _ = try SequenceToSequenceModel(store.scope, SequenceConfiguration(contentsOf: file))
    try SafetensorsFile.write(
      store.parameters.map { parameter in
        // Maps that are large enough to learn from at once.
        let isMap = parameter.tensor.shape.count == 2 && !parameter.name.contains("shared")
        return (
          parameter.name, isMap ? try parameter.tensor.multiplied(by: 5) : parameter.tensor
        )
      }, to: model.appendingPathComponent("model.safetensors"))
    let sentinels = (0..<8).reversed().map { "<extra_id_\($0)>" }
    try Data(
      tokenizer(
        specials: ["<pad>", "</s>", "<unk>"], behind: hasSentinels ? sentinels : [], begin: nil,
        end: "</s>"
      ).utf8
    ).write(to: model.appendingPathComponent("tokenizer.json"))
  }
}
