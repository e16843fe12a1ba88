// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestWorld
import Testing
import Torch
import Transformers

@testable import Tasks

@Suite(.serialized, .timeLimit(.minutes(60)))
struct TaskModelTests {
  private static func place(_ home: URL, _ name: String) -> URL {
    home.appendingPathComponent(name)
  }

  @Test("a directory that transformers wrote for classes answers as its own head does")
  func published() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try TinyWorld.makeModel(in: home)
      try Engine.seed(9)
      let base = try EncoderCheckpoint(
        Self.place(home, "base"), drawing: ["classifier", "bert.pooler", "pooler"])
      let own = try base.sequenceClassifier()
      let target = Self.place(home, "published")
      try base.save(
        to: target, architecture: "BertForSequenceClassification", labels: ["no", "yes"])
      let model = try TaskModel(target) { URL(fileURLWithPath: $0) }
      #expect(model.kind == .classification)
      let predictor = try model.predictor(as: SequenceClassification.self)
      let text = "aa sun sea"
      let said = try predictor.predict([TextInput(text)])[0]
      let batch = try PackedBatch([model.rows.row(text).ids], for: base.configuration)
      let logits = try GradientMode.disabled { try own.logits(own.encoder(batch), batch) }
        .elements(as: Float.self)
      for (one, other) in zip(said.probabilities, softmax(logits)) {
        #expect(abs(one - other) < 1e-5)
      }
      #expect(throws: TransformerError.self) { try model.predictor(as: TokenTagging.self) }
    }
    withExtendedLifetime(world) {}
  }

  @Test("a written model opens again with its adapters, and takes the place of nothing else")
  func ownModel() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try world.write("mine", "other/notes.txt")
    try await Compute.run {
      try TinyWorld.makeModel(in: home)
      let base = try TextEncoder(directory: Self.place(home, "base"), prefix: .none)
      let task = SequenceClassification(.init(labels: try LabelSet(["a", "b"]), hasDense: false))
      try Engine.seed(2)
      let store = ParameterStore(.fresh)
      let head = try task.head(store.scope, base.encoder.configuration)
      let adapter = try base.encoder.makeAdapter(.bottleneck(.pfeiffer), name: "task")
      try GradientMode.disabled {
        for parameter in adapter.parameters {
          try parameter.tensor.copy(from: .normal(parameter.tensor.shape))
        }
      }
      func write(_ folder: String, name: String?) throws {
        try TaskModel.write(
          task, head: store, adapters: [adapter], base: base, name: name, maximumLength: 20,
          source: "aa", to: Self.place(home, folder))
      }
      #expect(throws: TransformerError.self) { try write("other", name: nil) }
      #expect(FileManager.default.fileExists(atPath: Self.place(home, "other/notes.txt").path))
      let body = try base.encoder.packed().adapted(by: .single(adapter))
      let expected = try TaskPredictor(task, body, head, RowEncoder(base))
        .predict([TextInput("aa sun sea")])
      for name in [nil, Self.place(home, "base").path] {
        try write("out", name: name)
        let model = try TaskModel(Self.place(home, "out")) { URL(fileURLWithPath: $0) }
        #expect(model.description.source == "aa" && model.rows.maximumLength == 20)
        let answers = try model.predictor(as: SequenceClassification.self)
          .predict([TextInput("aa sun sea")])
        #expect(answers == expected)
      }
      // The adapter's own folder says which body it belongs to, for whoever takes it elsewhere.
      let saved = try Adapter(Self.place(home, "out/adapters/task"), name: "task")
      let hash = try base.parameters.bodyHash()
      #expect(saved.bodyHash == hash)
      try saved.check(body: hash)
      #expect(throws: TransformerError.self) { try saved.check(body: "0" + hash.dropFirst()) }
      // Weights of the body that changed since are not the ones that it was tuned on.
      try GradientMode.disabled {
        try base.parameters.parameters[0].tensor.copy(
          from: .normal(base.parameters.parameters[0].tensor.shape))
      }
      try base.parameters.save(to: Self.place(home, "base"), from: Self.place(home, "base"))
      #expect(throws: TransformerError.self) {
        try TaskModel(Self.place(home, "out")) { URL(fileURLWithPath: $0) }
      }
    }
    withExtendedLifetime(world) {}
  }
}
