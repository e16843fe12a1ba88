// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WordVectors

extension Golden {
  /// fastText's models beside what fastText says of them.
  @Suite("Golden word vectors", .enabled(if: Golden.folder != nil, "no golden set found"))
  struct Vectors {
    /// Folders of models that are read.
    static let supported: Set = ["cbow", "hs", "ns", "ova", "skipgram", "softmax"]

    /// Folders that ``tables(_:)`` reads: words with vectors that are no model.
    static let tableFolders: Set = ["word2vec"]

    /// Every model with its cases: `qnorm.ftz` goes with `qnorm.cases.jsonl`, `model.bin` with `cases.jsonl`.
    static var models: [String] {
      Golden.directories("vectors/fasttext").filter { supported.contains($0.lastPathComponent) }
        .flatMap { folder in
          ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
            .filter { $0.hasSuffix(".bin") || $0.hasSuffix(".ftz") }.sorted()
            .map { "\(folder.lastPathComponent)/\($0)" }
        }
    }

    @Test("every folder is understood or pending by name")
    func nothingIsSkipped() {
      let found = Set(Golden.directories("vectors/fasttext").map(\.lastPathComponent))
      #expect(found == Self.supported.union(Self.tableFolders))
      let kinds = Set(Golden.directories("vectors").map(\.lastPathComponent))
      #expect(kinds.subtracting(["fasttext", "clir", "maps"]).isEmpty)
    }

    @Test("a model gives fastText's words, vectors and labels", arguments: models)
    func model(_ path: String) throws {
      let file = try #require(Golden.folder).appendingPathComponent("vectors/fasttext/\(path)")
      let model = try FastTextModel(contentsOf: file.path)
      let classifier =
        model.arguments.task == .supervised ? try FastTextClassifier(model) : nil
      let cases = try Self.cases(of: file)
      #expect(!cases.isEmpty)
      let table = VectorTable(model)
      for item in cases {
        switch item.kind {
        case "word": try expectWord(item, model)
        case "subwords":
          let parts = model.subwords(of: try #require(item.word))
          #expect(parts.map(\.text) == item.subwords, "\(item.word ?? "")")
          #expect(parts.map(\.row) == item.ids, "\(item.word ?? "")")
        case "subword_id":
          #expect(model.row(ofNGram: try #require(item.subword)) == item.id)
        case "sentence":
          let sentence = try #require(item.sentence)
          expectClose(model.vector(ofSentence: sentence), item.vector, sentence)
        case "predict":
          try expectPrediction(item, #require(classifier), isQuantized: model.isQuantized)
        case "dictionary": expectDictionary(item, model.dictionary)
        case "neighbors":
          let word = try #require(item.word)
          let limit = try #require(item.k)
          expectNeighbors(
            item,
            table.neighbors(
              of: model.vector(ofWord: word), limit: limit + 1, excluding: [word]))
        case "analogy":
          let (a, b, c) = (try #require(item.a), try #require(item.b), try #require(item.c))
          let limit = try #require(item.k)
          expectNeighbors(
            item,
            try table.analogies(a, b, c, limit: limit + 1) { model.vector(ofWord: $0) })
        default: Issue.record("\(item.kind) is not understood")
        }
      }
    }

    @Test(
      "files of word vectors are read in every format",
      arguments: ["gensim.bin", "original.bin", "gensim.vec"])
    func tables(_ name: String) throws {
      let folder = try #require(Golden.folder).appendingPathComponent("vectors/fasttext")
      let table = try VectorTable(
        contentsOf: folder.appendingPathComponent("word2vec/\(name)").path)
      let whole = try VectorTable(contentsOf: folder.appendingPathComponent("cbow/model.vec").path)
      #expect(table.count == 1500)
      let decoder = JSONDecoder()
      let cases = try Data(contentsOf: folder.appendingPathComponent("word2vec/cases.jsonl"))
        .split(separator: 0x0a).map { try decoder.decode(VectorCase.self, from: $0) }
      #expect(!cases.isEmpty)
      for item in cases {
        let word = try #require(item.word)
        switch item.kind {
        case "word":
          #expect(table.words.index(of: word) == item.index)
          #expect(whole.words.index(of: word) == item.index)
          expectClose(try #require(table.vector(of: word)), item.vector, word)
          #expect(table.vector(of: word) == whole.vector(of: word))
        case "neighbors":
          let vector = try #require(table.vector(of: word))
          let limit = try #require(item.k)
          expectNeighbors(
            item, table.neighbors(of: vector, limit: limit + 1, excluding: [word]))
        default: Issue.record("\(item.kind) is not understood")
        }
      }
    }

    /// The same words in the same order, save where cosines are closer than 2e-5; one more is found than is asked for.
    private func expectNeighbors(_ item: VectorCase, _ found: [(word: String, cosine: Float)]) {
      let wanted = item.neighbors ?? []
      #expect(found.count >= wanted.count)
      for (place, (found, wanted)) in zip(found, wanted).enumerated() {
        #expect(abs(found.cosine - wanted.cosine) <= 1e-5, "\(wanted.word)")
        let isTied =
          item.neighbors?.enumerated().contains {
            $0 != place && abs($1.cosine - wanted.cosine) < 2e-5
          } ?? false
        #expect(
          found.word == wanted.word || isTied || place == item.k.map { $0 - 1 },
          "\(wanted.word), found \(found.word)")
      }
    }

    private func expectWord(_ item: VectorCase, _ model: FastTextModel) throws {
      let word = try #require(item.word)
      #expect(model.dictionary.index(of: word) ?? -1 == item.id, "\(word)")
      expectClose(model.vector(ofWord: word), item.vector, word)
    }

    private func expectPrediction(
      _ item: VectorCase, _ classifier: FastTextClassifier, isQuantized: Bool
    ) throws {
      let text = try #require(item.text)
      let (labels, probabilities) = (try #require(item.labels), try #require(item.probs))
      let limit = try #require(item.k)
      let found = classifier.predictions(
        for: text, limit: limit < 0 ? .max : limit, threshold: item.threshold ?? 0)
      #expect(found.count == labels.count, "\(text)")
      let tolerance: Float = isQuantized ? 1e-4 : 1e-5
      for (place, (prediction, expected)) in zip(found, zip(labels, probabilities)).enumerated() {
        #expect(abs(prediction.probability - expected.1) <= tolerance, "\(text): \(place)")
        // Labels of equal probability may come in any order.
        let isTied = probabilities.enumerated().contains {
          $0 != place && abs($1 - expected.1) < 2e-5
        }
        #expect(
          prediction.label == expected.0 || isTied
            || place == labels.count - 1
              && abs(prediction.probability - expected.1) < 2e-5,
          "\(text): \(place)")
      }
    }

    private func expectDictionary(_ item: VectorCase, _ dictionary: WordDictionary) {
      #expect(dictionary.wordCount == item.nwords)
      let words = (0..<dictionary.wordCount).map { dictionary.word($0) }
      if let first = item.first_words {
        #expect(Array(words.prefix(first.count)) == first)
        #expect(first.indices.map { dictionary.count(ofWord: $0) } == item.first_counts)
      }
      if let last = item.last_words { #expect(Array(words.suffix(last.count)) == last) }
      if let labels = item.labels {
        #expect((0..<dictionary.labelCount).map { dictionary.label($0) } == labels)
      }
      if let counts = item.label_counts {
        #expect((0..<dictionary.labelCount).map { dictionary.count(ofLabel: $0) } == counts)
      }
    }

    private func expectClose(_ found: [Float], _ expected: [Float]?, _ what: String) {
      #expect(found.count == expected?.count, "\(what)")
      for (found, expected) in zip(found, expected ?? []) {
        #expect(abs(found - expected) <= 1e-5 + 1e-5 * abs(expected), "\(what)")
      }
    }

    private static func cases(of model: URL) throws -> [VectorCase] {
      let name = model.deletingPathExtension().lastPathComponent
      let file = model.deletingLastPathComponent()
        .appendingPathComponent(name == "model" ? "cases.jsonl" : "\(name).cases.jsonl")
      let decoder = JSONDecoder()
      return try Data(contentsOf: file).split(separator: 0x0a)
        .map { try decoder.decode(VectorCase.self, from: $0) }
    }
  }
}

/// A line of a file of cases; its fields depend on its kind.
private struct VectorCase: Decodable {
  var kind: String
  var word: String?
  var id: Int?
  var vector: [Float]?
  var subwords: [String]?
  var ids: [Int]?
  var subword: String?
  var sentence: String?
  var text: String?
  var k: Int?
  var threshold: Float?
  var labels: [String]?
  var probs: [Float]?
  var nwords: Int?
  var first_words: [String]?
  var first_counts: [Int]?
  var last_words: [String]?
  var index: Int?
  var a: String?
  var b: String?
  var c: String?
  var neighbors: [NearWord]?
  var label_counts: [Int]?
}

/// A word with its cosine, as `["word", 0.5]`.
private struct NearWord: Decodable {
  var word: String
  var cosine: Float

  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    word = try container.decode(String.self)
    cosine = try container.decode(Float.self)
  }
}
