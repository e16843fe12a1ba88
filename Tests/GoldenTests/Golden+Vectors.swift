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

    /// Folders that no part of the library reads yet: word2vec's formats.
    static let pending: Set = ["word2vec"]

    /// Kinds of case that no part of the library answers yet.
    static let pendingKinds: Set = ["analogy", "neighbors"]

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
      #expect(found.subtracting(Self.supported).subtracting(Self.pending).isEmpty)
      #expect(Self.supported.subtracting(found).isEmpty)
      let kinds = Set(Golden.directories("vectors").map(\.lastPathComponent))
      // Maps and retrieval belong to a part of the library that is not built yet.
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
        default: #expect(Self.pendingKinds.contains(item.kind), "\(item.kind) is not understood")
        }
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
  var label_counts: [Int]?
}
