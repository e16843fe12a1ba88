// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Tasks
import TestWorld
import Testing
import Torch
import Training
import Transfer
import Transformers

@Suite(.serialized) struct NewBaseTests {
  /// The tokenizer of the tiny world's base, 40 pieces and perhaps a mask.
  @Compute
  private static func tokenizer(_ home: URL, hasMask: Bool = true) throws -> URL {
    try TinyWorld.makeModel(in: home, hasMask: hasMask)
    return home.appendingPathComponent("base")
  }

  private static func bytes(_ folder: URL) throws -> Data {
    try Data(contentsOf: folder.appendingPathComponent("model.safetensors"))
  }

  @Test(
    "a new base begins as BERT does, and everything opens it",
    arguments: [EncoderConfiguration.Family.bert, .xlmRoberta])
  func begins(_ family: EncoderConfiguration.Family) async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let place = try Self.tokenizer(home)
        let preset = EncoderShape.Preset.tiny
        let shape = try EncoderShape(
          hiddenSize: preset.hiddenSize, layerCount: preset.layerCount)
        let new = try NewBase(shape, family: family, tokenizer: place)
        let folder = home.appendingPathComponent("new")
        let count = try new.write(to: folder, seed: 1)

        let base = try TextEncoder(directory: folder, prefix: .none)
        let configuration = base.encoder.configuration
        #expect(configuration == new.configuration)
        #expect(configuration.family == family && configuration.maximumLength == 512)
        #expect(base.tokenizer.vocabularySize == 41 && base.vocabularySize == 41)
        // What BERT-Tiny has without its pooler, 4,385,920 less 16,512, with 41 pieces and not 30,522.
        let body = base.parameters.parameters.reduce(0) { $0 + $1.tensor.count }
        let more = family == .bert ? 0 : 2 * 128 - 128
        #expect(body == 4_369_408 - (30_522 - 41) * 128 + more)
        let head = try LanguageModelHead(of: base)
        #expect(!head.isFresh)
        #expect(count == body + head.store.parameters.reduce(0) { $0 + $1.tensor.count })

        for parameter in base.parameters.parameters + head.store.parameters {
          let values = try parameter.tensor.elements(as: Float.self)
          if parameter.name.hasSuffix("bias") {
            #expect(values.allSatisfy { $0 == 0 }, "\(parameter.name)")
          } else if parameter.name.lowercased().contains("norm") {
            #expect(values.allSatisfy { $0 == 1 }, "\(parameter.name)")
          } else if values.count > 10_000 {
            let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
            let square = values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)
            let deviation = square.squareRoot()
            #expect(abs(mean) < 1e-3, "\(parameter.name)")
            #expect(abs(deviation - 0.02) < 1e-3, "\(parameter.name)")
          }
        }
        let padding = try base.encoder.wordEmbeddings.elements(as: Float.self)[128..<256]
        #expect(padding.allSatisfy { $0 == 0 })
        let positions = try #require(
          base.parameters.parameters.first { $0.name.contains("position_embeddings") }
        ).tensor.elements(as: Float.self)[128..<256]
        #expect(positions.allSatisfy { $0 == 0 } == (family == .xlmRoberta))

        let vectors = try base.embed(base.rows(["aa sun", "bb frost snow"]))
        #expect(vectors.shape == [2, 128])
        #expect(try vectors.isFinite())
        let again = home.appendingPathComponent("again")
        try new.write(to: again, seed: 1)
        #expect(try Self.bytes(again) == Self.bytes(folder))
        try new.write(to: again, seed: 2)
        #expect(try Self.bytes(again) != Self.bytes(folder))
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("a WordPiece vocabulary makes a BERT unless another family is asked for")
  func wordPiece() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try world.write("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nsun\nsea\n##s\n", "words/vocab.txt")
    try await Compute.run {
      let place = home.appendingPathComponent("words/vocab.txt")
      let shape = try EncoderShape(hiddenSize: 64, layerCount: 1)
      let base = try NewBase(shape, tokenizer: place, maximumLength: 16)
      #expect(base.configuration.family == .bert && base.configuration.paddingID == 0)
      let other = try NewBase(shape, family: .xlmRoberta, tokenizer: place, maximumLength: 16)
      // Positions count from behind the padding piece, which is 0 here.
      #expect(other.configuration.positionCount == 17 && other.configuration.maximumLength == 16)
      let folder = home.appendingPathComponent("new")
      try other.write(to: folder, seed: 1)
      let encoder = try TextEncoder(directory: folder, prefix: .none)
      #expect(encoder.rows(["sun seas"]) == [[2, 5, 6, 7, 3]])
      #expect(try encoder.embed(encoder.rows([String(repeating: "sun ", count: 40)])).isFinite())
    }
    withExtendedLifetime(world) {}
  }

  @Test("what no encoder can be made of is refused in a sentence")
  func refusals() async throws {
    let world = try TinyWorld()
    let home = world.folder
    let bare = #"{"model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {"#
    let all = #""<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "<mask>": 4, "a": 5}}}"#
    try world.write(bare + all, "plain/tokenizer.json")
    try world.write(
      bare + #""<s>": 0, "</s>": 1, "<unk>": 2, "<mask>": 3}}}"#, "unpadded/tokenizer.json")
    try await Compute.run {
      let shape = try EncoderShape(hiddenSize: 64, layerCount: 1)
      func refusal(_ place: URL, _ shape: EncoderShape, _ length: Int = 16) -> String {
        do {
          _ = try NewBase(shape, tokenizer: place, maximumLength: length)
          return ""
        } catch {
          return "\(error)"
        }
      }
      let maskless = try Self.tokenizer(home, hasMask: false)
      #expect(refusal(maskless, shape).contains("no mask token, '<mask>' or '[MASK]'"))
      let unpadded = refusal(home.appendingPathComponent("unpadded"), shape)
      #expect(unpadded.contains("no padding token") && unpadded.contains("unpadded"))
      #expect(
        refusal(home.appendingPathComponent("plain"), shape).contains("around a text"))
      #expect(refusal(home.appendingPathComponent("nowhere"), shape).contains("nowhere"))
      let place = try Self.tokenizer(home)
      #expect(refusal(place, shape, 2).contains("no room for text"))
      let uneven = try EncoderShape(hiddenSize: 64, layerCount: 1, headCount: 3)
      #expect(refusal(place, uneven).contains("3 attention heads do not divide"))
      #expect {
        try EncoderShape(hiddenSize: 96, layerCount: 1)
      } throws: { "\($0)".contains("heads of 64 do not divide a width of 96") }
    }
    withExtendedLifetime(world) {}
  }
}
