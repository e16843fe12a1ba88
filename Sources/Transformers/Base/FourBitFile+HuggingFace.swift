// SPDX-License-Identifier: Apache-2.0

import Foundation
import Torch

extension FourBitFile {
  /// Writes `config.json` and `model.safetensors` as Hugging Face's `BertModel` has them.
  public func writeModel(to folder: URL) throws {
    var tensors: [(name: String, tensor: Tensor)] = []
    let hidden = header.hidden
    let inner = header.intermediate
    func add(_ name: String, _ source: String, _ shape: [Int]) throws {
      tensors.append((name, try tensor(source, shape)))
    }
    try add("embeddings.word_embeddings.weight", "emb.word", [header.vocabulary, hidden])
    try add("embeddings.position_embeddings.weight", "emb.pos", [header.positions, hidden])
    try add("embeddings.token_type_embeddings.weight", "emb.type", [header.types, hidden])
    try add("embeddings.LayerNorm.weight", "emb.ln.w", [hidden])
    try add("embeddings.LayerNorm.bias", "emb.ln.b", [hidden])
    for layer in 0..<header.layers {
      let prefix = "encoder.layer.\(layer)"
      for (name, source, shape) in [
        ("attention.self.query", "q", [hidden, hidden]),
        ("attention.self.key", "k", [hidden, hidden]),
        ("attention.self.value", "v", [hidden, hidden]),
        ("attention.output.dense", "ao", [hidden, hidden]),
        ("attention.output.LayerNorm", "aln", [hidden]),
        ("intermediate.dense", "fi", [inner, hidden]),
        ("output.dense", "fo", [hidden, inner]),
        ("output.LayerNorm", "oln", [hidden]),
      ] {
        try add("\(prefix).\(name).weight", "l\(layer).\(source).w", shape)
        try add("\(prefix).\(name).bias", "l\(layer).\(source).b", [shape[0]])
      }
    }
    try SafetensorsFile.write(tensors, to: folder.appendingPathComponent("model.safetensors"))
    try Data(configuration.utf8).write(
      to: folder.appendingPathComponent("config.json"), options: .atomic)
  }

  private var configuration: String {
    """
    {
      "architectures": ["BertModel"],
      "attention_probs_dropout_prob": 0.1,
      "classifier_dropout": null,
      "hidden_act": "gelu",
      "hidden_dropout_prob": 0.1,
      "hidden_size": \(header.hidden),
      "initializer_range": 0.02,
      "intermediate_size": \(header.intermediate),
      "layer_norm_eps": \(header.epsilon),
      "max_position_embeddings": \(header.positions),
      "model_type": "bert",
      "num_attention_heads": \(header.heads),
      "num_hidden_layers": \(header.layers),
      "pad_token_id": 0,
      "position_embedding_type": "absolute",
      "tokenizer_class": "XLMRobertaTokenizer",
      "torch_dtype": "float32",
      "type_vocab_size": \(header.types),
      "use_cache": true,
      "vocab_size": \(header.vocabulary)
    }

    """
  }
}
