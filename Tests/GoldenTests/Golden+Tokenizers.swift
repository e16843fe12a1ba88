// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Subwords

extension Golden {
  /// Every tokenizer of the golden set, every field exactly.
  @Suite("Golden tokenizers")
  struct Tokenizers {
    /// Directories whose model no part of the library reads yet.
    static let pending: Set<String> = []

    static var supported: [String] {
      Golden.directories("tokenizers").map(\.lastPathComponent).filter { !pending.contains($0) }
    }

    @Test("the golden set is there", .enabled(if: Golden.folder != nil, "no golden set found"))
    func findsTheSet() {
      #expect(!Self.supported.isEmpty)
    }

    @Test(
      "a fast tokenizer gives ids, pieces, offsets and text as the reference", arguments: supported)
    func fast(_ name: String) throws {
      let folder = try #require(GoldenFolder(named: name))
      guard folder.has("tokenizer.json") else {
        try #require(
          folder.has("spiece.model"), "neither tokenizer.json nor spiece.model in \(name)")
        return
      }
      let tokenizer = try Tokenizer(contentsOf: folder.file("tokenizer.json"))
      for item in try folder.lines("cases.jsonl") {
        let text = try item.string("text")
        let encoding = try tokenizer.encode(text, unit: .scalars)
        let ids = try item.ids("ids")
        item.expect(encoding.ids, ids, "ids")
        item.expect(tokenizer.ids(of: text), ids, "fast ids")
        item.expect(encoding.pieces.map(scalars), try item.strings("pieces").map(scalars), "pieces")
        item.expect(encoding.offsets, try item.ranges("offsets"), "offsets")
        item.expect(encoding.wordIDs, try item.optionals("word_ids"), "word ids")
        item.expect(scalars(tokenizer.decode(ids)), scalars(try item.string("decoded")), "decoded")
        if let full = item.value["decoded_with_special"] {
          item.expect(
            scalars(tokenizer.decode(ids, skippingSpecialTokens: false)),
            scalars(try JSONCursor(full).string()), "decoded with special")
        }
      }
      for item in try folder.lines("decode.jsonl") {
        let ids = try item.ids("ids")
        item.expect(ids.map { tokenizer.piece(of: $0) }, try item.strings("pieces"), "pieces")
        item.expect(scalars(tokenizer.decode(ids)), scalars(try item.string("decoded")), "decoded")
        item.expect(
          scalars(tokenizer.decode(ids, skippingSpecialTokens: false)),
          scalars(try item.string("decoded_with_special")), "decoded with special")
      }
      if folder.has("pairs.jsonl") {
        for item in try folder.lines("pairs.jsonl") { try pair(item, tokenizer) }
      }
    }

    private func pair(_ item: GoldenLine, _ tokenizer: Tokenizer) throws {
      var truncation: Truncation?
      if let length = try item.cursor.optional("max_length")?.natural() {
        truncation = Truncation(
          maximumLength: length,
          strategy: try #require(Truncation.Strategy(rawValue: try item.string("strategy"))),
          stride: try item.cursor.required("stride").natural(),
          direction: try #require(Truncation.Direction(rawValue: try item.string("direction"))))
      }
      var padding: Padding?
      if let length = try item.cursor.optional("pad_to")?.natural() {
        let id = try #require(tokenizer.padID)
        padding = Padding(target: .fixed(length), id: id, piece: tokenizer.piece(of: id) ?? "")
      }
      let encoding = try tokenizer.encode(
        try item.string("text"), pair: try item.cursor.optional("pair")?.string(),
        truncation: truncation, padding: padding, unit: .scalars)
      try window(item, encoding)
      let rest = try item.cursor.required("overflowing").elements()
      item.expect(encoding.overflowing.count, rest.count, "number of windows")
      for (window, expected) in zip(encoding.overflowing, rest) {
        try self.window(GoldenLine(value: expected.value, name: item.name), window)
      }
    }

    private func window(_ item: GoldenLine, _ encoding: Encoding) throws {
      item.expect(encoding.ids, try item.ids("ids"), "ids")
      item.expect(encoding.typeIDs, try item.ids("type_ids"), "type ids")
      item.expect(encoding.attentionMask, try item.ids("attention_mask"), "attention mask")
      item.expect(encoding.specialMask, try item.ids("special"), "special mask")
      item.expect(encoding.sequenceIDs, try item.optionals("sequence_ids"), "sequence ids")
      item.expect(encoding.offsets, try item.ranges("offsets"), "offsets")
    }

    @Test(
      "a SentencePiece model gives ids, surfaces and text as SentencePiece", arguments: supported)
    func sentencePiece(_ name: String) throws {
      let folder = try #require(GoldenFolder(named: name))
      guard folder.has("spiece.model") else { return }
      let prefix = folder.has("spm_cases.jsonl") ? "spm_" : ""
      let tokenizer = try Tokenizer(contentsOf: folder.file("spiece.model"))
      for item in try folder.lines("\(prefix)cases.jsonl") {
        let text = try item.string("text")
        let encoding = try tokenizer.encode(text, unit: .utf8)
        let ids = try item.ids("ids")
        item.expect(encoding.ids, ids, "ids")
        item.expect(tokenizer.ids(of: text), ids, "fast ids")
        item.expect(encoding.pieces.map(scalars), try item.strings("pieces").map(scalars), "pieces")
        item.expect(encoding.offsets, try item.ranges("byte_offsets"), "byte offsets")
        item.expect(scalars(tokenizer.decode(ids)), scalars(try item.string("decoded")), "decoded")
        if let normal = item.value["normalized"] {
          item.expect(
            scalars(try #require(tokenizer.configuration.normalizer).normalize(text)),
            scalars(try JSONCursor(normal).string()), "normalized")
        }
      }
      for item in try folder.lines("\(prefix)decode.jsonl") {
        let ids = try item.ids("ids")
        item.expect(ids.map { tokenizer.piece(of: $0) }, try item.strings("pieces"), "pieces")
        item.expect(scalars(tokenizer.decode(ids)), scalars(try item.string("decoded")), "decoded")
      }
      guard case .unigram(let model) = tokenizer.configuration.model else {
        #expect(!folder.has("\(prefix)nbest.jsonl"))
        return try information(
          GoldenLine(value: try folder.json("\(prefix)info.json"), name: name), tokenizer)
      }
      for item in try folder.lines("\(prefix)nbest.jsonl") {
        let expected = try item.cursor.required("nbest").elements().map {
          try $0.elements().map { Int32(try $0.natural()) }
        }
        let found = try tokenizer.bestSegmentations(
          of: try item.string("text"), count: expected.count)
        item.expect(Set(found.map(\.ids)).count, expected.count, "number of distinct segmentations")
        item.expect(found.first?.ids, expected.first, "best")
        // Equal scores may come in another order, and then another one may be the last.
        let last = try #require(found.last).score
        let missing = Set(expected).subtracting(found.map(\.ids))
        let extra = Set(found.map(\.ids)).subtracting(expected)
        for ids in missing.union(extra) {
          let score = ids.reduce(0) { $0 + model.pathScore(of: $1) }
          #expect(abs(score - last) < 1e-4, "\(item.name): \(ids) is no tie with the last")
        }
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.score >= $1.score })
      }
      try information(
        GoldenLine(value: try folder.json("\(prefix)info.json"), name: name), tokenizer)
    }

    private func information(_ item: GoldenLine, _ tokenizer: Tokenizer) throws {
      let model = tokenizer.configuration.model
      item.expect(
        tokenizer.vocabularySize, try item.cursor.required("vocab_size").natural(), "size")
      item.expect(
        model.unknownID.map(Int.init), try item.cursor.required("unk_id").natural() as Int?,
        "unk_id")
      item.expect(
        model.fallsBackToBytes, try item.cursor.required("byte_fallback").bool(), "byte_fallback")
      item.expect(
        model.kinds.count { $0 == .byte }, try item.cursor.required("n_byte_pieces").natural(),
        "n_byte_pieces")
      item.expect(
        model.kinds.indices.filter { model.kinds[$0] == .control }.map(Int32.init),
        try item.ids("control_ids"), "control_ids")
      for sample in try item.cursor.required("score_samples").elements() {
        let fields = try sample.elements()
        let id = try fields[0].natural()
        item.expect(model.pieces[id], try fields[1].string(), "piece")
        item.expect(model.scores[id], try fields[2].number(), "score")
      }
    }

    @Test(
      "a directory with only its SentencePiece model gives the family's ids", arguments: supported)
    func family(_ name: String) throws {
      let folder = try #require(GoldenFolder(named: name))
      let models = ["sentencepiece.bpe.model", "spiece.model"].filter(folder.has)
      guard let model = models.first, folder.has("tokenizer.json") else { return }
      let alone = FileManager.default.temporaryDirectory
        .appendingPathComponent("koine-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: alone, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: alone) }
      for file in [model, "tokenizer_config.json"] where folder.has(file) {
        try FileManager.default.copyItem(
          at: folder.file(file), to: alone.appendingPathComponent(file))
      }
      let tokenizer = try Tokenizer(contentsOf: alone)
      let fast = try Tokenizer(contentsOf: folder.file("tokenizer.json"))
      #expect(tokenizer.vocabularySize == fast.vocabularySize)
      for item in try folder.lines("cases.jsonl") {
        let key = item.value["spm_ids"] == nil ? "ids" : "spm_ids"
        item.expect(tokenizer.ids(of: try item.string("text")), try item.ids(key), key)
        for id in try item.ids("ids") {
          item.expect(tokenizer.piece(of: id), fast.piece(of: id), "piece")
        }
      }
    }

    @Test("a tokenizer.json written anew gives the same ids", arguments: supported)
    func written(_ name: String) throws {
      let folder = try #require(GoldenFolder(named: name))
      guard folder.has("tokenizer.json") else { return }
      let original = try Tokenizer(contentsOf: folder.file("tokenizer.json"))
      let bytes = try original.configuration.json.serialized
      let copy = try Tokenizer(try TokenizerConfiguration(tokenizerJSON: bytes))
      for item in try folder.lines("cases.jsonl") {
        item.expect(copy.ids(of: try item.string("text")), try item.ids("ids"), "ids")
      }
      let file = try folder.json("tokenizer.json")
      for part in ["added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder"] {
        #expect(try original.configuration.json[part] == file[part], "\(part)")
      }
    }

    private func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }
  }
}

/// One directory of golden tokenizers.
private struct GoldenFolder {
  let url: URL

  init?(named name: String) {
    guard let url = Golden.directories("tokenizers").first(where: { $0.lastPathComponent == name })
    else { return nil }
    self.url = url
  }

  func file(_ name: String) -> URL { url.appendingPathComponent(name) }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name).path) }

  func json(_ name: String) throws -> JSONValue {
    try JSONReader.read(try Data(contentsOf: file(name)))
  }

  func lines(_ name: String) throws -> [GoldenLine] {
    let lines = try Data(contentsOf: file(name)).split(separator: 0x0A)
    try #require(!lines.isEmpty)
    return try lines.enumerated().map { index, line in
      GoldenLine(
        value: try JSONReader.read(line), name: "\(url.lastPathComponent)/\(name):\(index + 1)")
    }
  }
}

/// One case.
private struct GoldenLine {
  let value: JSONValue
  let name: String

  var cursor: JSONCursor { JSONCursor(value, path: name) }

  func string(_ key: String) throws -> String { try cursor.required(key).string() }

  func strings(_ key: String) throws -> [String] {
    try cursor.required(key).elements().map { try $0.string() }
  }

  func ids(_ key: String) throws -> [Int32] {
    try cursor.required(key).elements().map { Int32(try $0.natural()) }
  }

  func ranges(_ key: String) throws -> [Range<Int>] {
    try cursor.required(key).elements().map {
      let ends = try $0.elements()
      return try ends[0].natural()..<ends[1].natural()
    }
  }

  func optionals(_ key: String) throws -> [Int?] {
    try cursor.required(key).elements().map { $0.value == .null ? nil : try $0.natural() }
  }

  func expect<Value: Equatable>(
    _ found: Value, _ expected: Value, _ what: String, _ location: SourceLocation = #_sourceLocation
  ) {
    guard found != expected else { return }
    let id = value["id"].map { " \($0)" } ?? ""
    Issue.record(
      "\(name)\(id): \(what)\n  found    \(found)\n  expected \(expected)", sourceLocation: location
    )
  }
}
