// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Torch

@testable import Transformers

/// One fixture of an encoder-decoder: the model, its inputs, and what the reference made of them.
struct GoldenSequenceModel {
  private let golden: SafetensorsFile
  private let checkpoint: SequenceCheckpoint
  private let model: SequenceToSequenceModel
  private let notes: Notes
  private let sources: [[Int32]]
  private let labels: [[Int32]]

  /// What `golden.json` says of how the reference wrote.
  private struct Notes: Decodable {
    var generation: Generation

    struct Generation: Decodable {
      var max_new_tokens: Int
      var forced_bos_token_id: Int?
      var forced_eos_token_id: Int?
      var bad_words_ids: [[Int]]?
      var greedy: Search
      var beam4: Search
      var beam4_all: Search
      var beam4_lp06_es: Search
    }

    struct Search: Decodable {
      var num_beams: Int
      var num_return_sequences: Int?
      var length_penalty: Double?
      var early_stopping: Bool?
    }
  }

  init(_ folder: URL) throws {
    golden = try SafetensorsFile(folder.appendingPathComponent("golden.safetensors"))
    checkpoint = try SequenceCheckpoint(folder)
    model = try checkpoint.model()
    notes = try JSONDecoder().decode(
      Notes.self, from: Data(contentsOf: folder.appendingPathComponent("golden.json")))
    let lengths = try GoldenModel.rows(golden, "attention_mask").map {
      $0.reduce(0) { $0 + Int($1) }
    }
    sources = zip(try GoldenModel.rows(golden, "input_ids"), lengths).map {
      Array($0.prefix($1))
    }
    labels = try GoldenModel.rows(golden, "labels")
  }

  func checkOutputs() throws {
    let targets = try GoldenModel.rows(golden, "decoder_input_ids")
    #expect(model.decoderInputs(for: labels) == targets)
    let pairs = try SequencePairs(
      sources: sources, targets: targets, for: model.configuration)
    // With and without gradients attention takes different ways.
    for isRecording in [false, true] {
      try GradientMode.with(isRecording) {
        let memory = try model.encode(pairs.source)
        try expectRows(memory, pairs.source, sources.map(\.count), "encoder_last_hidden_state")
        let states = try model.decode(pairs, memory: memory)
        let lengths = targets.map(\.count)
        try expectRows(states, pairs.target, lengths, "decoder_last_hidden_state")
        try expectRows(model.logits(states), pairs.target, lengths, "logits")
      }
    }
    let expected = try golden.tensor("loss").item()
    let found = try loss().item()
    #expect(abs(found - expected) <= 1e-5 * abs(expected), "loss \(found), expected \(expected)")
  }

  private func loss() throws -> Tensor { try model.loss(sources: sources, labels: labels) }

  /// Compares each row's tokens with the reference's row, which is padded.
  private func expectRows(
    _ states: Tensor, _ batch: PackedBatch, _ lengths: [Int], _ name: String
  ) throws {
    let reference = try golden.tensor(name)
    let scale = max(1, try reference.elements(as: Double.self).map(abs).max() ?? 0)
    for (row, length) in lengths.enumerated() {
      let found = try states.narrowed(0, start: batch.firstTokens[row], length: length)
      let expected = try reference.selected(0, row).narrowed(0, start: 0, length: length)
      #expect(found.shape == expected.shape)
      let difference =
        zip(
          try found.elements(as: Double.self), try expected.elements(as: Double.self)
        ).map { abs($0 - $1) }.max() ?? 0
      #expect(difference <= 1e-4 * scale, "\(name) differs by \(difference) in row \(row)")
    }
  }

  func checkGradients() throws {
    let parameters = checkpoint.store.parameters
    for parameter in parameters { try parameter.tensor.setRequiresGradient() }
    try loss().backward()
    let names = golden.names.filter { $0.hasPrefix("grad.") }
    #expect(names.count == parameters.count)
    var largest = 0.0
    for name in names {
      largest = max(largest, try golden.tensor(name).elements(as: Double.self).map(abs).max() ?? 0)
    }
    for name in names {
      let tensor = try #require(checkpoint.store[String(name.dropFirst("grad.".count))], "\(name)")
      let found = try #require(try tensor.gradient(), "\(name)").elements(as: Double.self)
      let expected = try golden.tensor(name).elements(as: Double.self)
      let scale = expected.map(abs).max() ?? 0
      let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
      #expect(difference <= 2e-4 * scale + 1e-5 * largest, "\(name) differs by \(difference)")
      #expect(found.count == expected.count)
    }
    for parameter in parameters { try parameter.tensor.clearGradient() }
  }

  func checkTrajectory() throws {
    let optimizer = AdamW([
      .init(checkpoint.store.parameters.map(\.tensor), rate: 1e-3, weightDecay: 0.01)
    ])
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

  func checkGeneration() throws {
    let wanted = notes.generation
    // What the model's directory says must be what the reference was told.
    if let runs = wanted.bad_words_ids { #expect(checkpoint.generation.bannedRuns == runs) }
    #expect(checkpoint.generation.forcedLastID == wanted.forced_eos_token_id)
    // Packed weights and joined products must change nothing.
    for model in [model, try model.packed()] {
      for (name, search) in [
        ("greedy", wanted.greedy), ("beam4", wanted.beam4), ("beam4_all", wanted.beam4_all),
        ("beam4_lp06_es", wanted.beam4_lp06_es),
      ] {
        var configuration = checkpoint.generation
        configuration.maxNewTokens = wanted.max_new_tokens
        configuration.forcedFirstID = wanted.forced_bos_token_id
        configuration.beamCount = search.num_beams
        configuration.returnCount = search.num_return_sequences ?? 1
        configuration.lengthPenalty = search.length_penalty ?? 1
        configuration.earlyStopping = search.early_stopping == true ? .whenFull : .heuristic
        try expect(
          model, configuration, "\(name)_ids",
          scores: search.num_beams > 1 ? "\(name)_scores" : nil)
      }
    }
  }

  private func expect(
    _ model: SequenceToSequenceModel, _ configuration: GenerationConfiguration, _ name: String,
    scores: String?
  ) throws {
    let expected = try GoldenModel.rows(golden, name)
    // One batch, and batches of one.
    for limit in [SequenceToSequenceModel.generationTokenLimit, 1] {
      let found = try model.generate(sources, configuration, tokenLimit: limit).joined()
      #expect(found.count == expected.count, "\(name): \(found.count) texts")
      for (index, (text, reference)) in zip(found, expected).enumerated() {
        var ids = [Int32(model.configuration.startID)] + text.ids
        // After its end a row is padded; beam search of transformers fills with the end piece where padding is 0.
        let padding = Int32(model.configuration.paddingID)
        let end = configuration.endIDs.first.map(Int32.init)
        let fill = configuration.beamCount > 1 && padding == 0 ? end ?? padding : padding
        ids += Array(repeating: fill, count: max(0, reference.count - ids.count))
        #expect(ids == reference, "\(name) \(index)")
      }
      guard let scores else { continue }
      let values = try golden.tensor(scores).elements(as: Double.self)
      for (text, value) in zip(found, values) {
        #expect(abs((text.score ?? .nan) - value) <= 1e-4, "\(scores)")
      }
    }
  }
}
