// SPDX-License-Identifier: Apache-2.0

import Foundation
import Subwords
import Tasks
import TestWorld
import Testing
import Torch
import Transfer
import Transformers

@Suite(.serialized) struct RevisedBaseTests {
  private static let oldLines = ["aa sun sea", "bb nus", "frost sun", "query: snow"]
  private static let newLines = ["zozo zuzu zozo", "zuzu zozo zizi", "zozo zizi zuzu"]

  /// A base of 41 pieces whose table has three rows more, with the head of a masked language model beside it: one that is not
  /// tied.
  @Compute
  private static func makeBase(in home: URL) throws -> TextEncoder {
    try TinyWorld.makeModel(in: home, vocabularySize: 44, hasMask: true)
    let folder = home.appendingPathComponent("base")
    let file = folder.appendingPathComponent("model.safetensors")
    let weights = try SafetensorsFile(file)
    var tensors = try weights.names.map { ($0, try weights.tensor($0).clone()) }
    try Engine.seed(5)
    tensors.append(("cls.predictions.bias", try .normal([44])))
    tensors.append(("cls.predictions.decoder.weight", try .normal([44, 32])))
    tensors.append(("cls.predictions.transform.dense.bias", try .normal([32])))
    try SafetensorsFile.write(tensors, to: file)
    return try TextEncoder(directory: folder, prefix: .none)
  }

  @Compute
  private static func extended(
    _ base: TextEncoder, old: [String]? = oldLines, new: [String] = newLines
  ) throws -> ExtendedVocabulary {
    let text = try ExtendedVocabulary.text(for: base)
    let language = text.language(named: "zz")
    for line in new { try text.add(line + "\n", language: language) }
    let kept = try old.map { lines in
      let text = try ExtendedVocabulary.oldText(for: base)
      let language = text.language(named: "")
      for line in lines { try text.add(line + "\n", language: language) }
      return text
    }
    return try ExtendedVocabulary(base, adding: 6, of: text, keeping: kept)
  }

  private static func rows(_ name: String, in folder: URL) throws -> [[Float]] {
    let tensor = try SafetensorsFile(folder.appendingPathComponent("model.safetensors")).tensor(
      name)
    let width = tensor.shape.count > 1 ? tensor.shape[1] : 1
    let values = try tensor.elements(as: Float.self)
    return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
  }

  private static let words = "embeddings.word_embeddings.weight"

  @Test("an extended base keeps every old id, row and cut, and opens with rows for its new pieces")
  func extend() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try Self.makeBase(in: home)
        let vocabulary = try Self.extended(base)
        #expect(vocabulary.report.tokensAfter < vocabulary.report.tokensBefore)
        let change = try VocabularyChange(
          extending: base.tokenizer, rows: 44, to: vocabulary.tokenizer)
        #expect(change.added == Array(44..<44 + vocabulary.report.added))
        let output = home.appendingPathComponent("longer")
        let summary = try RevisedBase(base, change, by: MeanOfPieces()).write(to: output, seed: 1)
        #expect(summary.before == 44 && summary.kept == 44)
        #expect(summary.mixed == vocabulary.report.added && summary.drawn == 0)
        #expect(
          summary.tables == [
            "cls.predictions.bias", "cls.predictions.decoder.weight", Self.words,
          ])
        let longer = try TextEncoder(directory: output, prefix: .none)
        #expect(longer.vocabularySize == summary.after)
        #expect(longer.tokenizer.piecesByID.prefix(41) == base.tokenizer.piecesByID.prefix(41))
        #expect(longer.rows(Self.oldLines) == base.rows(Self.oldLines))
        let (before, after) = (base.rows(Self.newLines), longer.rows(Self.newLines))
        #expect(after.joined().count < before.joined().count)
        #expect(after.joined().contains { $0 >= 44 })
        #expect(
          try longer.embed(longer.rows(Self.oldLines)).elements(as: Float.self)
            == base.embed(base.rows(Self.oldLines)).elements(as: Float.self))
        for name in summary.tables {
          let old = try Self.rows(name, in: base.directory)
          let new = try Self.rows(name, in: output)
          #expect(Array(new.prefix(44)) == old)
          for id in 44..<summary.after {
            // What the piece's text was cut into, letter for letter.
            let text = try #require(change.newTexts[id]?.text)
            let isFirst = change.newTexts[id]?.startsWord == true
            let ids =
              isFirst
              ? base.tokenizer.ids(of: text, addsSpecialTokens: false)
              : text.map { base.tokenizer.id(of: String($0)) ?? 0 }
            for place in new[id].indices {
              let mean = ids.reduce(0) { $0 + Double(old[Int($1)][place]) } / Double(ids.count)
              #expect(abs(Double(new[id][place]) - mean) < 1e-6)
            }
          }
        }
        #expect(
          try Self.rows("cls.predictions.transform.dense.bias", in: output)
            == Self.rows("cls.predictions.transform.dense.bias", in: base.directory))
        let table = try String(
          contentsOf: output.appendingPathComponent(RevisedBase.rowsFile), encoding: .utf8)
        #expect(table.split(separator: "\n").count == 1 + vocabulary.report.added)
        // A base as any other: it can be extended again.
        let again = try Self.extended(longer, old: nil, new: ["zazaz zazaz", "zazaz"])
        let next = try VocabularyChange(
          extending: longer.tokenizer, rows: longer.vocabularySize, to: again.tokenizer)
        #expect(next.added.first == summary.after)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("without old text, pieces have letters of the new text's script, and other text stays")
  func script() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try Self.makeBase(in: home)
        // Words in Latin letters are too few for these to be a script of the text.
        let lines = [
          "жужа жужа жижи жужа sunsun", "жужа sunsun жижи жижи жужа", "жижи жужа жужа жижи жужа",
        ]
        let vocabulary = try Self.extended(base, old: nil, new: lines)
        #expect(vocabulary.report.scripts == ["Cyrl"])
        let pieces = vocabulary.tokenizer.piecesByID.dropFirst(44)
        #expect(!pieces.isEmpty)
        #expect(
          pieces.allSatisfy { $0.unicodeScalars.contains { "жуаи".unicodeScalars.contains($0) } })
        let other = Self.oldLines + ["sunsun sunsun"]
        #expect(vocabulary.tokenizer.ids(of: other) == base.tokenizer.ids(of: other))
        #expect(vocabulary.report.unknownAfter < vocabulary.report.unknownBefore)
        let error = #expect(throws: RecipeError.self) {
          try Self.extended(base, old: nil, new: ["12 34 !"])
        }
        #expect(error?.message.contains("found no letters") == true)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("drawn rows follow the seed and have the old rows' mean and deviation, number by number")
  func drawn() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try Self.makeBase(in: home)
        let pieces = ["▁sun"] + (0..<500).map { "▁ж\($0)" }
        let new = try TinyVocabulary.unigram(pieces)
        let change = try VocabularyChange(replacing: base.tokenizer, rows: 44, by: new)
        func write(_ name: String, _ seed: UInt64) throws -> [[Float]] {
          let output = home.appendingPathComponent(name)
          let summary = try RevisedBase(base, change, by: CopiedOverlap())
            .write(to: output, seed: seed)
          #expect(summary.drawn == 500 && summary.copied == 1 && summary.kept == 5)
          return try Self.rows(Self.words, in: output)
        }
        let rows = try write("one", 1)
        let same = try write("same", 1)
        let other = try write("other", 2)
        #expect(rows == same && rows[5] != other[5])
        let old = try Self.rows(Self.words, in: base.directory)
        #expect(rows[4] == old[8] && rows[505] == old[40] && rows[0] == old[0])
        for place in 0..<32 {
          func moments(_ values: [Float]) -> (mean: Double, deviation: Double) {
            let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
            let square = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
            return (mean, (square / Double(values.count)).squareRoot())
          }
          let expected = moments(old.prefix(41).map { $0[place] })
          let found = moments(rows[5..<505].map { $0[place] })
          // Five standard errors of 500 draws.
          #expect(abs(found.mean - expected.mean) < 5 * expected.deviation / 500.0.squareRoot())
          #expect(abs(found.deviation / expected.deviation - 1) < 5 / 1000.0.squareRoot())
        }
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("another vocabulary, of another kind too, gives a base that opens; the old one stays")
  func replace() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        let base = try Self.makeBase(in: home)
        let before = try Data(
          contentsOf: base.directory.appendingPathComponent("model.safetensors"))
        let new = try TinyVocabulary.wordPiece(["sun", "sea", "##s", "su", "##nny"])
        let change = try VocabularyChange(replacing: base.tokenizer, rows: 44, by: new)
        let output = home.appendingPathComponent("other")
        let summary = try RevisedBase(
          base, change, by: MeanOfPieces(), tokenizer: home.appendingPathComponent("none")
        ).write(to: output, seed: 1)
        #expect(summary.after == 10 && summary.kept == 5 && summary.copied == 3)
        let other = try TextEncoder(directory: output, prefix: .none)
        #expect(other.rows(["sun suns"]) == [[2, 5, 5, 7, 3]])
        #expect(try other.embed(other.rows(["sun suns"])).isFinite())
        let old = try Self.rows(Self.words, in: base.directory)
        let rows = try Self.rows(Self.words, in: output)
        // [PAD] [UNK] [CLS] [SEP] [MASK] are <pad> <unk> <s> </s> <mask>.
        #expect(Array(rows.prefix(5)) == [1, 3, 0, 2, 40].map { old[$0] })
        let id = try #require(base.tokenizer.id(of: "▁sun"))
        #expect(rows[5] == old[Int(id)])
        let fields = try JSONSerialization.jsonObject(
          with: Data(contentsOf: output.appendingPathComponent("config.json")))
        let configuration = try #require(fields as? [String: Any])
        #expect(configuration["vocab_size"] as? Int == 10)
        #expect(configuration["pad_token_id"] as? Int == 0)
        let tokens = try String(
          contentsOf: output.appendingPathComponent("tokenizer_config.json"), encoding: .utf8)
        #expect(tokens.contains("[CLS]") && tokens.contains("PreTrainedTokenizerFast"))
        #expect(
          try before
            == Data(contentsOf: base.directory.appendingPathComponent("model.safetensors")))
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("where positions count from the padding piece it may not move")
  func padding() async throws {
    let world = try TinyWorld()
    let home = world.folder
    try await Compute.run {
      try Engine.withThreads(1) {
        _ = try Self.makeBase(in: home)
        let folder = home.appendingPathComponent("base")
        let file = folder.appendingPathComponent("config.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacingOccurrences(of: "\"bert\"", with: "\"xlm-roberta\"")
          .write(to: file, atomically: true, encoding: .utf8)
        let base = try TextEncoder(directory: folder, prefix: .none)
        let output = home.appendingPathComponent("moved")
        let error = #expect(throws: TransformerError.self) {
          try RevisedBase(
            base,
            VocabularyChange(
              replacing: base.tokenizer, rows: 44, by: TinyVocabulary.wordPiece(["sun"])),
            by: MeanOfPieces()
          ).write(to: output, seed: 1)
        }
        #expect(error?.message.contains("would move from 1 to 0") == true)
        #expect(!FileManager.default.fileExists(atPath: output.path))
        // XLM-R's own order is fine.
        _ = try RevisedBase(
          base,
          VocabularyChange(
            replacing: base.tokenizer, rows: 44, by: TinyVocabulary.unigram(["▁sun", "s"])),
          by: MeanOfPieces()
        ).write(to: output, seed: 1)
        _ = try TextEncoder(directory: output, prefix: .none)
      }
    }
    withExtendedLifetime(world) {}
  }

  @Test("a vocabulary that does not go on where the base's ends is refused, one without news too")
  func refused() throws {
    let old = try TinyVocabulary.unigram(["▁sun", "s"])
    let other = #expect(throws: RecipeError.self) {
      try VocabularyChange(extending: old, rows: 7, to: TinyVocabulary.unigram(["▁ice", "s"]))
    }
    #expect(other?.message.contains("found “▁ice” instead of “▁sun” at id 4") == true)
    let none = #expect(throws: RecipeError.self) {
      try VocabularyChange(extending: old, rows: 7, to: old)
    }
    #expect(none?.message.contains("pieces that the base does not have, found none") == true)
  }
}
