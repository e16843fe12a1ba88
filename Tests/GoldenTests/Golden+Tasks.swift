// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch
import Transformers

@testable import Tasks

extension Golden {
  /// Heads of published task models as tasks read them, beside the reference's logits and losses.
  @Suite(.serialized, .enabled(if: Golden.folder != nil, "no fixtures: set KOINE_GOLDENS"))
  struct TaskHeads {
    static let names = Golden.directories("models").map(\.lastPathComponent)
      .filter { name in
        !name.hasPrefix("lora") && ["-seqcls", "-tokcls", "-qa"].contains(where: name.hasSuffix)
      }

    @Test("a task's head says and loses what the reference does", arguments: names)
    func matchesReference(name: String) async throws {
      let folder = try #require(Golden.folder).appendingPathComponent("models/\(name)")
      try await Compute.run {
        let model = try TaskModel(folder)
        switch name.split(separator: "-").last {
        case "seqcls": try model.checkClassification()
        case "tokcls": try model.checkTagging()
        case "qa": try model.checkAnswering()
        default: Issue.record("no task reads \(name)")
        }
      }
    }
  }
}

private struct TaskModel {
  let golden: SafetensorsFile
  let store: ParameterStore
  let encoder: Encoder
  let rows: [TokenRow]

  init(_ folder: URL) throws {
    golden = try SafetensorsFile(folder.appendingPathComponent("golden.safetensors"))
    let checkpoint = try EncoderCheckpoint(folder)
    store = checkpoint.store
    encoder = try checkpoint.encoder()
    let ids = try golden.tensor("input_ids")
    let mask = try golden.tensor("attention_mask").elements(as: Int32.self)
    let width = ids.shape[1]
    let types =
      golden.shape("token_type_ids") == nil
      ? nil : try golden.tensor("token_type_ids").elements(as: Int32.self)
    let flat = try ids.elements(as: Int32.self)
    rows = (0..<ids.shape[0]).map { row in
      let start = row * width
      let length = mask[start..<start + width].count { $0 == 1 }
      return TokenRow(
        Array(flat[start..<start + length]), types: types.map { Array($0[start..<start + length]) })
    }
  }

  private func numbers(_ name: String) throws -> [Float] {
    try golden.tensor(name).elements(as: Float.self)
  }

  private func expectClose(_ found: [Float], _ expected: [Float]) {
    let scale = max(1, expected.map(abs).max() ?? 1)
    #expect(found.count == expected.count)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-4 * scale })
  }

  private func check<Task: TuningTask>(
    _ task: Task, _ features: [Task.Feature], loss: Bool = true
  ) throws -> [Task.Output] {
    let configuration = encoder.configuration
    let head = try task.head(store.scope, configuration)
    let batch = try TaskBatch(features, for: configuration)
    let states = try encoder(batch.packed)
    if loss {
      let found = try task.loss(states, batch, head, LossSettings()).mean().item()
      let expected = Double(try numbers("loss")[0])
      #expect(abs(found - expected) <= 1e-5 * abs(expected))
    }
    return try task.outputs(states, batch, head)
  }

  func checkClassification() throws {
    let classes = try #require(golden.shape("logits")?.last)
    let task = SequenceClassification(.init(labels: try LabelSet((0..<classes).map(String.init))))
    let labels = try numbers("labels").map { Int($0) }
    let features = zip(rows, labels).map { SequenceFeature(rows: [$0], target: $1) }
    expectClose(Array(try check(task, features).joined()), try numbers("logits"))
  }

  func checkTagging() throws {
    let classes = try #require(golden.shape("logits")?.last)
    let task = TokenTagging(.init(labels: try LabelSet((0..<classes).map(String.init))))
    let width = try #require(golden.shape("labels")?.last)
    let labels = try numbers("labels").map { Int($0) }
    let logits = try numbers("logits")
    var expected: [Float] = []
    let features = rows.enumerated().map { index, row in
      // Ignored tokens are those that carry no word.
      let places = row.ids.indices.filter { labels[index * width + $0] != -100 }
      for place in places {
        let start = (index * width + place) * classes
        expected += logits[start..<start + classes]
      }
      return TokenTagging.Feature(
        rows: [row], words: 0..<places.count, places: places,
        targets: places.map { labels[index * width + $0] })
    }
    expectClose(Array(try check(task, features).joined().joined()), expected)
  }

  /// The reference's loss runs over padding, which there is none of here.
  func checkAnswering() throws {
    let width = try #require(golden.shape("start_logits")?.last)
    let (starts, ends) = (try numbers("start_logits"), try numbers("end_logits"))
    let features = rows.map { row in
      AnswerFeature(
        rows: [row], textStart: 0, offsets: row.ids.indices.map { $0..<$0 + 1 }, target: 0...0)
    }
    let outputs = try check(ExtractiveAnswering(), features, loss: false)
    for (index, output) in outputs.enumerated() {
      let range = index * width..<index * width + rows[index].ids.count
      expectClose(output.starts, Array(starts[range]))
      expectClose(output.ends, Array(ends[range]))
      expectClose([output.none], [starts[range.lowerBound] + ends[range.lowerBound]])
    }
  }
}
