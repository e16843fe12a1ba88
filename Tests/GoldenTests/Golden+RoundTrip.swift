// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Subwords

extension Golden {
  /// `shared/data/sib200`, beside the golden set.
  static let sentences: URL? = {
    guard let folder = Golden.folder else { return nil }
    let url = folder.deletingLastPathComponent().appendingPathComponent("data/sib200")
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }()

  /// With byte fallback nothing of a text is lost but what normalisation takes away.
  ///
  /// The sentences are those of SIB-200, in 205 languages. A debug build takes every 64th, another all of them.
  @Suite("Round trip", .enabled(if: Golden.sentences != nil, "no SIB-200 found"))
  struct RoundTrip {
    #if DEBUG
      private static let step = 64
    #else
      private static let step = 1
    #endif

    /// The sentences of all languages, training and development parts.
    private static func lines() throws -> [String] {
      let folder = try #require(Golden.sentences)
      var lines = [String]()
      for language in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
        for part in ["train.tsv", "dev.tsv"] {
          let file = folder.appendingPathComponent(language).appendingPathComponent(part)
          let data = try Data(contentsOf: file)
          lines += data.split(separator: UInt8(ascii: "\n")).dropFirst().map {
            String(decoding: $0.split(separator: UInt8(ascii: "\t")).last ?? $0, as: UTF8.self)
          }
        }
      }
      return lines
    }

    @Test(
      "every sentence comes back as it was normalised",
      arguments: ["spm-unigram-bytes", "spm-bpe-bytes"])
    func golden(_ name: String) throws {
      let file = try #require(Golden.folder)
        .appendingPathComponent("tokenizers/\(name)/spiece.model")
      try check(Tokenizer(contentsOf: file), Self.lines())
    }

    @Test(
      "so it does with vocabularies learned here",
      arguments: [SentencePieceModel.Algorithm.unigram, .bpe])
    func learned(_ algorithm: SentencePieceModel.Algorithm) throws {
      var specification = TrainerSpecification()
      specification.algorithm = algorithm
      specification.byteFallback = true
      specification.vocabularySize = 2000
      specification.characterCoverage = 0.95
      let text = try TrainingText(
        specification, normalizer: .named("identity"), memory: 1 << 28, threads: 1)
      let lines = try Self.lines()
      let sample = stride(from: 0, to: lines.count, by: 400).map { lines[$0] }
      try text.add(sample.joined(separator: "\n"), language: text.language(named: ""))
      let model = try SubwordTrainer(specification, normalizerName: "identity").train(text)
      try check(Tokenizer(TokenizerConfiguration(sentencePiece: model)), lines)
    }

    private func check(_ tokenizer: Tokenizer, _ lines: [String]) throws {
      let normalizer = try #require(tokenizer.configuration.normalizer)
      var count = 0
      for number in stride(from: 0, to: lines.count, by: Self.step) {
        var expected = Array(normalizer.normalize(lines[number]).unicodeScalars)
        if expected.first == "\u{2581}" { expected.removeFirst() }
        expected = expected.map { $0 == "\u{2581}" ? " " : $0 }
        let decoded = tokenizer.decode(tokenizer.ids(of: lines[number]))
        #expect(Array(decoded.unicodeScalars) == expected, "line \(number): \(lines[number])")
        count += 1
      }
      #expect(count > 1000)
    }
  }
}
