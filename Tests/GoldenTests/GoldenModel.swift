// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Transformers

/// One fixture: the model, its inputs, and what the reference made of them.
struct GoldenModel {
  let name: String
  let golden: SafetensorsFile
  let store: ParameterStore
  let configuration: EncoderConfiguration
  let encoder: Encoder
  let rows: [[Int32]]
  let typeRows: [[Int32]]?
  let lengths: [Int]
  private let head: Head

  private enum Head {
    case none
    case sequence(SequenceClassifier)
    case tokens(TokenClassifier)
    case span(SpanExtractor)
    case masked(MaskedLanguageModel)
  }

  struct UnknownArchitecture: Error, CustomStringConvertible {
    var description: String
  }

  init(_ folder: URL) throws {
    name = folder.lastPathComponent
    golden = try SafetensorsFile(folder.appendingPathComponent("golden.safetensors"))
    let weights = try SafetensorsFile(folder.appendingPathComponent("model.safetensors"))
    configuration = try EncoderConfiguration(
      contentsOf: folder.appendingPathComponent("config.json"))
    store = ParameterStore(.files([weights]))
    struct Config: Decodable { var architectures: [String] }
    let architecture = try JSONDecoder().decode(
      Config.self, from: Data(contentsOf: folder.appendingPathComponent("config.json"))
    ).architectures[0]
    let scope = store.scope
    switch architecture {
    case let name where name.hasSuffix("ForSequenceClassification"):
      let classes = try #require(golden.shape("logits")?.last)
      let model = try SequenceClassifier(scope, configuration, classCount: classes)
      (head, encoder) = (.sequence(model), model.encoder)
    case let name where name.hasSuffix("ForTokenClassification"):
      let classes = try #require(golden.shape("logits")?.last)
      let model = try TokenClassifier(scope, configuration, classCount: classes)
      (head, encoder) = (.tokens(model), model.encoder)
    case let name where name.hasSuffix("ForQuestionAnswering"):
      let model = try SpanExtractor(scope, configuration)
      (head, encoder) = (.span(model), model.encoder)
    case let name where name.hasSuffix("ForMaskedLM"):
      let model = try MaskedLanguageModel(scope, configuration)
      (head, encoder) = (.masked(model), model.encoder)
    case "BertModel", "XLMRobertaModel", "RobertaModel":
      (head, encoder) = (.none, try Encoder(scope, configuration))
    default: throw UnknownArchitecture(description: "no reader for \(architecture)")
    }
    rows = try Self.rows(golden, "input_ids")
    lengths = try Self.rows(golden, "attention_mask").map { $0.reduce(0) { $0 + Int($1) } }
    typeRows =
      golden.shape("token_type_ids") == nil ? nil : try Self.rows(golden, "token_type_ids")
  }

  static func rows(_ file: SafetensorsFile, _ name: String) throws -> [[Int32]] {
    let tensor = try file.tensor(name)
    let width = tensor.shape[1]
    let flat = try tensor.elements(as: Int32.self)
    return stride(from: 0, to: flat.count, by: width).map { Array(flat[$0..<($0 + width)]) }
  }

  private func batch(padded: Bool) throws -> PackedBatch {
    if padded {
      return try PackedBatch(padded: rows, lengths: lengths, typeRows: typeRows, for: configuration)
    }
    return try PackedBatch(
      zip(rows, lengths).map { Array($0.prefix($1)) },
      typeRows: typeRows.map { zip($0, lengths).map { Array($0.prefix($1)) } },
      for: configuration)
  }

  /// `[tokens, ...]` of a padded batch as `[rows, time, ...]` in the order given.
  private func restored(_ states: Tensor, _ batch: PackedBatch) throws -> Tensor {
    let length = rows[0].count
    return try batch.restored(states.reshaped([rows.count, length] + states.shape.dropFirst()))
  }

  func checkOutputs() throws {
    try GradientMode.disabled {
      let batch = try self.batch(padded: true)
      for (depth, states) in try encoder.allStates(batch).enumerated() {
        try expect(restored(states, batch), "hidden_states.\(depth)", masked: true)
      }
      let states = try encoder(batch)
      try expect(restored(states, batch), "last_hidden_state", masked: true)
      if let pooled = try encoder.pooled(states, batch), golden.shape("pooler_output") != nil {
        try expect(pooled, "pooler_output")
      }
      switch head {
      case .none: break
      case .sequence(let model): try expect(model.logits(states, batch), "logits")
      case .tokens(let model):
        try expect(restored(model.logits(states), batch), "logits", masked: true)
      case .masked(let model):
        try expect(restored(model.logits(states), batch), "logits", masked: true)
      case .span(let model):
        let (start, end) = try model.logits(states)
        try expect(restored(start, batch), "start_logits", masked: true)
        try expect(restored(end, batch), "end_logits", masked: true)
      }
      let expected = try golden.tensor("loss").item()
      let found = try loss().item()
      let tolerance = isProbe ? 1e-4 : 1e-5 * abs(expected)
      #expect(abs(found - expected) <= tolerance, "loss \(found), expected \(expected)")
    }
  }

  private var isProbe: Bool { if case .none = head { true } else { false } }

  private func loss() throws -> Tensor {
    let batch = try self.batch(padded: true)
    let states = try encoder(batch)
    switch head {
    case .none:
      let all = try restored(states, batch).multiplied(
        by: golden.tensor("probe_last_hidden_state")
      ).sum()
      let pooled = try #require(try encoder.pooled(states, batch)).multiplied(
        by: golden.tensor("probe_pooler_output")
      ).sum()
      return try all.adding(pooled).multiplied(by: 1 / Double(rows.count))
    case .sequence(let model):
      return try model.logits(states, batch).crossEntropy(golden.tensor("labels"))
    case .tokens(let model): return try tokenLoss(model.logits(states), batch)
    case .masked(let model): return try tokenLoss(model.logits(states), batch)
    case .span(let model):
      return try model.loss(
        states, batch, starts: places("start_positions"), ends: places("end_positions"))
    }
  }

  private func places(_ name: String) throws -> [Int] {
    try golden.tensor(name).elements(as: Int64.self).map(Int.init)
  }

  private func tokenLoss(_ logits: Tensor, _ batch: PackedBatch) throws -> Tensor {
    let ordered = try restored(logits, batch)
    return try ordered.reshaped([-1, ordered.shape[2]])
      .crossEntropy(golden.tensor("labels").reshaped([-1]))
  }

  func checkGradients() throws {
    for parameter in store.parameters { try parameter.tensor.setRequiresGradient() }
    try loss().backward()
    let names = golden.names.filter { $0.hasPrefix("grad.") }
    var largest = 0.0
    for name in names {
      largest = max(largest, try golden.tensor(name).elements(as: Double.self).map(abs).max() ?? 0)
    }
    for name in names {
      let parameter = String(name.dropFirst("grad.".count))
      let gradient = try tensor(named: parameter).gradient()
      let expected = try golden.tensor(name).elements(as: Double.self)
      let found =
        try gradient?.elements(as: Double.self) ?? [Double](repeating: 0, count: expected.count)
      let scale = expected.map(abs).max() ?? 0
      let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
      #expect(difference <= 2e-4 * scale + 1e-5 * largest, "\(name) differs by \(difference)")
      #expect(found.count == expected.count)
    }
    for parameter in store.parameters { try parameter.tensor.clearGradient() }
  }

  /// A parameter by the fixture's name; tied tables go by the name of either end there.
  private func tensor(named name: String) throws -> Tensor {
    if let tensor = store[name] { return tensor }
    return name.hasSuffix("decoder.bias")
      ? try #require(store[name.replacingOccurrences(of: "decoder.bias", with: "bias")])
      : try #require(store["\(configuration.family.prefix).embeddings.word_embeddings.weight"])
  }

  func checkTrajectory() throws {
    let optimizer = AdamW([.init(store.parameters.map(\.tensor), rate: 1e-3, weightDecay: 0.01)])
    let expected = try golden.tensor("train_losses").elements(as: Double.self)
    for (step, target) in expected.enumerated() {
      try optimizer.clearGradients()
      let loss = try loss()
      let found = try loss.item()
      #expect(
        abs(found - target) <= 1e-3 * abs(target) + 1e-3, "step \(step): \(found), not \(target)")
      guard step < expected.count - 1 else { break }
      try loss.backward()
      try optimizer.step()
    }
  }

  /// Each row alone, packed rows together, and padded rows give the same states.
  func checkRowsAlone() throws {
    try GradientMode.disabled {
      let together = try self.batch(padded: false)
      let pooled = try Pooling.mean(encoder(together), together)
      for (index, row) in rows.enumerated() {
        let single = try PackedBatch(
          [Array(row.prefix(lengths[index]))],
          typeRows: typeRows.map { [Array($0[index].prefix(lengths[index]))] }, for: configuration)
        let alone = try Pooling.mean(encoder(single), single).elements(as: Float.self)
        let batched = try pooled.selected(0, index).elements(as: Float.self)
        #expect(zip(alone, batched).allSatisfy { abs($0 - $1) < 1e-5 }, "row \(index)")
      }
    }
  }

  private func expect(_ found: Tensor, _ name: String, masked: Bool = false) throws {
    let reference = try golden.tensor(name)
    #expect(found.shape == reference.shape, "\(name): \(found.shape), not \(reference.shape)")
    let expected = try reference.elements(as: Double.self)
    let values = try found.elements(as: Double.self)
    guard values.count == expected.count else { return }
    let inner = masked ? expected.count / (rows.count * rows[0].count) : 1
    var difference = 0.0
    for (index, pair) in zip(values, expected).enumerated() {
      let (row, time) = ((index / inner) / rows[0].count, (index / inner) % rows[0].count)
      if masked && time >= lengths[row] { continue }
      difference = max(difference, abs(pair.0 - pair.1))
    }
    let scale = max(1, expected.map(abs).max() ?? 0)
    #expect(difference <= 1e-4 * scale, "\(name) differs by \(difference)")
  }
}
