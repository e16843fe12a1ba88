// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Transformers

extension Golden {
  /// Adapters of PEFT and AdapterHub on the fixtures' models.
  @Suite(.serialized, .enabled(if: Golden.folder != nil, "no fixtures: set KOINE_GOLDENS"))
  struct Adapters {
    static let loras = Golden.directories("models").map(\.lastPathComponent)
      .filter { $0.hasPrefix("lora-") }

    @Test("LoRA gives PEFT's outputs, merged weights, gradients and trajectory", arguments: loras)
    func lora(_ name: String) async throws {
      let folder = try #require(Golden.folder).appendingPathComponent("models/\(name)")
      try await Compute.run { try GoldenLoRA(folder).check() }
    }

    @Test(
      "bottleneck adapters give AdapterHub's outputs, alone and stacked",
      arguments: ["task", "lang", "houlsby", "stack", "lang-bin"])
    func bottlenecks(_ name: String) async throws {
      let models = try #require(Golden.folder).appendingPathComponent("models")
      try await Compute.run { try GoldenAdapters(models).checkSequence(name) }
    }

    @Test("an invertible adapter is undone before the last map, as in MAD-X")
    func languageModel() async throws {
      let models = try #require(Golden.folder).appendingPathComponent("models")
      try await Compute.run { try GoldenAdapters(models).checkMasked() }
    }
  }
}

/// Compares tensors with those of a fixture, at the tolerances of its notes.
private struct Reference {
  let file: SafetensorsFile
  let lengths: [Int]

  init(_ url: URL) throws {
    file = try SafetensorsFile(url)
    lengths = try GoldenModel.rows(file, "attention_mask").map { $0.reduce(0) { $0 + Int($1) } }
  }

  /// The padded rows as the fixture has them.
  func batch(_ configuration: EncoderConfiguration) throws -> PackedBatch {
    try PackedBatch(
      padded: GoldenModel.rows(file, "input_ids"), lengths: lengths, for: configuration)
  }

  func restored(_ states: Tensor, _ batch: PackedBatch) throws -> Tensor {
    let length = try GoldenModel.rows(file, "input_ids")[0].count
    return try batch.restored(states.reshaped([lengths.count, length] + states.shape.dropFirst()))
  }

  func expect(_ found: Tensor, _ name: String, masked: Bool = false) throws {
    let reference = try file.tensor(name)
    #expect(found.shape == reference.shape, "\(name): \(found.shape), not \(reference.shape)")
    let scale = max(1, try reference.elements(as: Double.self).map(abs).max() ?? 0)
    for row in lengths.indices {
      var (left, right) = (found, reference)
      if masked {
        left = try found.selected(0, row).narrowed(0, start: 0, length: lengths[row])
        right = try reference.selected(0, row).narrowed(0, start: 0, length: lengths[row])
      }
      let difference =
        zip(try left.elements(as: Double.self), try right.elements(as: Double.self))
        .map { abs($0 - $1) }.max() ?? 0
      #expect(difference <= 1e-4 * scale, "\(name) differs by \(difference) in row \(row)")
    }
  }

  func expectLoss(_ found: Double, _ name: String) throws {
    let expected = try file.tensor(name).item()
    #expect(abs(found - expected) <= 1e-5 * abs(expected), "\(name) \(found), not \(expected)")
  }

  /// Gradients named `prefix` and a parameter's name.
  func expectGradients(_ prefix: String, _ parameter: (String) throws -> Tensor?) throws {
    let names = file.names.filter { $0.hasPrefix(prefix) }
    #expect(!names.isEmpty)
    var largest = 0.0
    for name in names {
      largest = max(largest, try file.tensor(name).elements(as: Double.self).map(abs).max() ?? 0)
    }
    for name in names {
      let tensor = try #require(try parameter(String(name.dropFirst(prefix.count))), "\(name)")
      let found = try #require(try tensor.gradient(), "\(name)").elements(as: Double.self)
      let expected = try file.tensor(name).elements(as: Double.self)
      let scale = expected.map(abs).max() ?? 0
      let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
      #expect(difference <= 2e-4 * scale + 1e-5 * largest, "\(name) differs by \(difference)")
      #expect(found.count == expected.count)
    }
  }

  func expectTrajectory(_ parameters: [Tensor], _ loss: () throws -> Tensor) throws {
    let optimizer = AdamW([.init(parameters, rate: 1e-3, weightDecay: 0.01)])
    let expected = try file.tensor("train_losses").elements(as: Double.self)
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
}

/// A LoRA of PEFT on an encoder's classifier or an encoder-decoder.
private struct GoldenLoRA {
  let reference: Reference
  let adapter: Adapter
  let store: ParameterStore
  let logits: (_ isAdapted: Bool) throws -> Tensor
  let loss: () throws -> Tensor
  let merge: () throws -> Void

  init(_ folder: URL) throws {
    struct Notes: Decodable { var base: String }
    let notes = try JSONDecoder().decode(
      Notes.self, from: Data(contentsOf: folder.appendingPathComponent("golden.json")))
    let base = folder.deletingLastPathComponent().appendingPathComponent(notes.base)
    let reference = try Reference(folder.appendingPathComponent("golden.safetensors"))
    let adapter = try Adapter(folder)
    (self.reference, self.adapter) = (reference, adapter)
    let type = try ConfigurationFile(contentsOf: base.appendingPathComponent("config.json"))
      .modelType
    if ModelFamilies.sequences.contains(type ?? "") {
      let checkpoint = try SequenceCheckpoint(base)
      let model = try checkpoint.model()
      store = checkpoint.store
      let adapted = try model.adapted(by: .single(adapter))
      let labels = try GoldenModel.rows(reference.file, "labels")
      let sources = zip(try GoldenModel.rows(reference.file, "input_ids"), reference.lengths)
        .map { Array($0.prefix($1)) }
      let targets = model.decoderInputs(for: labels)
      logits = { isAdapted in
        let used = isAdapted ? adapted : model
        let pairs = try SequencePairs(
          sources: sources, targets: targets, for: model.configuration)
        let states = try used.decode(pairs, memory: used.encode(pairs.source))
        return try pairs.target.restored(
          used.logits(states).reshaped([labels.count, labels[0].count, -1]))
      }
      loss = { try adapted.loss(sources: sources, labels: labels) }
      merge = { try model.merge(adapter) }
    } else {
      let weights = try SafetensorsFile(base.appendingPathComponent("model.safetensors"))
      let configuration = try EncoderConfiguration(
        contentsOf: base.appendingPathComponent("config.json"))
      store = ParameterStore(.files([weights]))
      let classes = try #require(reference.file.shape("logits")?.last)
      let model = try SequenceClassifier(store.scope, configuration, classCount: classes)
      try adapter.installHead(in: store)
      let adapted = try model.adapted(by: .single(adapter))
      let batch = try reference.batch(configuration)
      logits = { isAdapted in
        let used = isAdapted ? adapted : model
        return try used.logits(used.encoder(batch), batch)
      }
      loss = {
        try adapted.logits(adapted.encoder(batch), batch)
          .crossEntropy(reference.file.tensor("labels"))
      }
      merge = { try model.encoder.merge(adapter) }
    }
  }

  func check() throws {
    for isRecording in [false, true] {
      try GradientMode.with(isRecording) { try reference.expect(logits(true), "logits") }
    }
    try reference.expectLoss(loss().item(), "loss")
    // The head is the model's own by now: its parameters are trained, not the adapter's copies.
    let heads = adapter.head.compactMap { parameter in
      store.parameters.first { BodyNames.bare($0.name) == parameter.name }
    }
    #expect(heads.count == adapter.head.count)
    let trained = adapter.parameters + heads
    for parameter in trained { try parameter.tensor.setRequiresGradient() }
    try loss().backward()
    try reference.expectGradients("grad.") { name in
      let plain = BodyNames.bare(name).replacingOccurrences(of: ".default", with: "")
        .replacingOccurrences(of: ".modules_to_save", with: "")
      return trained.first { BodyNames.bare($0.name) == plain }?.tensor
    }
    let kept = try trained.map { try GradientMode.disabled($0.tensor.clone) }
    try reference.expectTrajectory(trained.map(\.tensor), loss)
    for parameter in trained { try parameter.tensor.setRequiresGradient(false) }
    for (parameter, values) in zip(trained, kept) { try parameter.tensor.copy(from: values) }
    try merge()
    try GradientMode.disabled { try reference.expect(logits(false), "logits_merged") }
    for name in reference.file.names where name.hasPrefix("merged.") {
      let plain = BodyNames.bare(String(name.dropFirst("merged.".count)))
      let tensor = try #require(
        store.parameters.first { BodyNames.bare($0.name) == plain }?.tensor, "\(name)")
      let expected = try reference.file.tensor(name).elements(as: Double.self)
      let difference =
        zip(try tensor.elements(as: Double.self), expected)
        .map { abs($0 - $1) }.max() ?? 1
      #expect(difference <= 1e-5, "\(name) differs by \(difference)")
    }
  }
}

/// Bottlenecks of AdapterHub.
private struct GoldenAdapters {
  let models: URL
  let language: Adapter

  init(_ models: URL) throws {
    self.models = models
    language = try Adapter(models.appendingPathComponent("adapters/lang"))
  }

  private func base(_ key: String) throws -> URL {
    let notes = try JSONDecoder().decode(
      Notes.self,
      from: Data(contentsOf: models.appendingPathComponent("adapters/golden.json")))
    return models.appendingPathComponent(key == "mlm" ? notes.base_mlm : notes.base_seqcls)
  }

  private struct Notes: Decodable {
    var base_seqcls: String
    var base_mlm: String
  }

  func checkSequence(_ name: String) throws {
    let base = try base("seqcls")
    let reference = try Reference(
      models.appendingPathComponent("adapters/golden_seqcls.safetensors"))
    let golden = name == "lang-bin" ? "lang" : name
    let configuration = try EncoderConfiguration(
      contentsOf: base.appendingPathComponent("config.json"))
    let store = ParameterStore(
      .files([try SafetensorsFile(base.appendingPathComponent("model.safetensors"))]))
    let classes = try #require(reference.file.shape("\(golden).logits")?.last)
    let model = try SequenceClassifier(store.scope, configuration, classCount: classes)
    let task = try Adapter(models.appendingPathComponent("adapters/task"))
    let composition: AdapterComposition
    switch name {
    case "stack": composition = .stack([.single(language), .single(task)])
    default:
      composition = .single(
        try Adapter(models.appendingPathComponent("adapters/\(name)")))
    }
    let adapted = try model.adapted(by: composition)
    let batch = try reference.batch(configuration)
    try GradientMode.disabled {
      for (depth, states) in try adapted.encoder.allStates(batch).enumerated() {
        try reference.expect(
          reference.restored(states, batch), "\(golden).hidden_states.\(depth)", masked: true)
      }
      let states = try adapted.encoder(batch)
      try reference.expect(
        reference.restored(states, batch), "\(golden).last_hidden_state", masked: true)
      try reference.expect(adapted.logits(states, batch), "\(golden).logits")
    }
    func loss() throws -> Tensor {
      try adapted.logits(adapted.encoder(batch), batch)
        .crossEntropy(reference.file.tensor("labels"))
    }
    try reference.expectLoss(loss().item(), "\(golden).loss")
    guard name == "stack" else { return }
    let heads = store.parameters.filter { $0.name.hasPrefix("classifier.") }
    for parameter in task.parameters + heads { try parameter.tensor.setRequiresGradient() }
    try loss().backward()
    try reference.expectGradients("stack.grad.") { task[BodyNames.bare($0)] ?? store[$0] }
  }

  func checkMasked() throws {
    let base = try base("mlm")
    let reference = try Reference(models.appendingPathComponent("adapters/golden_mlm.safetensors"))
    let configuration = try EncoderConfiguration(
      contentsOf: base.appendingPathComponent("config.json"))
    let store = ParameterStore(
      .files([try SafetensorsFile(base.appendingPathComponent("model.safetensors"))]))
    let model = try MaskedLanguageModel(store.scope, configuration)
    let adapted = try model.adapted(by: .single(language))
    let batch = try reference.batch(configuration)
    try GradientMode.disabled {
      let states = try adapted.encoder(batch)
      try reference.expect(
        reference.restored(adapted.logits(states), batch), "madx.logits", masked: true)
    }
    for parameter in language.parameters { try parameter.tensor.setRequiresGradient() }
    let logits = try reference.restored(adapted.logits(adapted.encoder(batch)), batch)
    let loss = try logits.reshaped([-1, logits.shape[2]])
      .crossEntropy(reference.file.tensor("labels").reshaped([-1]))
    try reference.expectLoss(loss.item(), "madx.loss")
    try loss.backward()
    for parameter in language.parameters {
      #expect(try parameter.tensor.gradient() != nil, "\(parameter.name)")
    }
    let names = reference.file.names.filter { $0.hasPrefix("madx.grad.") }
    #expect(names.contains { $0.contains("invertible_adapters") })
    try reference.expectGradients("madx.grad.") { name in
      language[BodyNames.bare(name)] ?? store.parameters.first { $0.name == name }?.tensor
    }
  }
}
