// SPDX-License-Identifier: Apache-2.0

import Corpora
import Foundation
import Synchronization
import Tasks
import Torch
import WordVectors

/// Learns the word vectors of a recipe and makes an encoder of them.
///
/// Text is that of the training splits, whose labels stay unread but for the source language's classifier, and lines that say the
/// same in the source language and another. The same text, settings and seed give the same bytes, with any number of threads.
struct VectorBase {
  let settings: Recipe.Vectors
  let data: TaskData
  /// Files of lines that say the same, by the language beside the source.
  let parallel: [(language: String, file: URL)]
  let seed: UInt64

  /// The languages, the source first.
  private var languages: [String] {
    [data.train.language] + data.test.map(\.language).filter { $0 != data.train.language }
  }

  /// The files of a pattern that are there.
  static func files(
    _ pattern: String, languages: [String]
  ) throws -> [(language: String, file: URL)] {
    let found = languages.compactMap { language -> (language: String, file: URL)? in
      let path = pattern.replacingOccurrences(of: "{lang}", with: language)
      let file = URL(fileURLWithPath: (path as NSString).expandingTildeInPath)
      return FileManager.default.fileExists(atPath: file.path) ? (language, file) : nil
    }
    guard !found.isEmpty || languages.isEmpty else {
      throw RecipeError(
        .data,
        "there are no files of lines that say the same in two languages; expected one for \(languages[0])",
        at: pattern.replacingOccurrences(of: "{lang}", with: languages[0]))
    }
    return found
  }

  /// Learns and writes an encoder into a folder that exists.
  func write(to folder: URL, log: @escaping @Sendable (String) -> Void) throws {
    let text = try trainingText()
    log("\(text.tokenCount) words in \(text.languages.count) languages")
    let clock = Mutex(Date.distantPast)
    let epochs = settings.epochs
    let space = try trainer.train(text) { progress in
      let isDue = clock.withLock { last in
        guard Date().timeIntervalSince(last) >= 2 else { return false }
        last = Date()
        return true
      }
      guard isDue else { return }
      log(
        "\(Int(progress.share * 100)) % of \(epochs) epochs, loss "
          + String(format: "%.3f", progress.loss))
    }
    var encoded: [SentenceLanguage] = []
    for (index, name) in space.languages.enumerated() {
      let model = space.model(of: index)
      let (table, counts) = model.countedWords(threads: Engine.threadCount)
      encoded.append(
        try SentenceLanguage(
          name: name, words: table, counts: counts,
          total: Int(space.dictionary(of: index).tokenCount), subwords: model.subwordTable()))
    }
    var builder = StaticEncoderBuilder()
    builder.smoothing = settings.smoothing
    builder.common = settings.common
    var sentences = data.unlabelled
    sentences[data.train.language] = data.train.texts
    try builder.write(encoded, sentences: sentences, to: folder)
    log("\(encoded.reduce(0) { $0 + $1.words.count }) words have vectors")
  }

  private var trainer: EmbeddingTrainer {
    var trainer = EmbeddingTrainer()
    trainer.arguments.dimension = settings.dimension
    trainer.arguments.windowSize = settings.window
    trainer.arguments.epochs = settings.epochs
    trainer.arguments.minimumCount = settings.minimumCount
    trainer.arguments.minimumCharacters = settings.longest == 0 ? 0 : settings.shortest
    trainer.arguments.maximumCharacters = settings.longest
    trainer.arguments.buckets = settings.longest == 0 ? 0 : settings.buckets
    trainer.arguments.negatives = settings.negatives
    trainer.arguments.samplingThreshold = settings.sampling
    trainer.learningRate = settings.rate
    trainer.seed = seed
    trainer.threads = Engine.threadCount
    trainer.isDeterministic = true
    return trainer
  }

  /// All text, cut into words as the encoder will cut it.
  private func trainingText() throws -> TrainingText {
    let text = TrainingText()
    let source = text.language(named: data.train.language)
    for language in languages.dropFirst() { _ = text.language(named: language) }
    func append(_ texts: [String], _ language: Int) throws {
      for line in texts {
        var line = Array(WordSplitter.line(line).utf8)
        guard !line.isEmpty else { continue }
        line.append(0x0a)
        try line.withUnsafeBufferPointer { try text.append($0, language: language) }
      }
    }
    try append(data.train.texts, source)
    for (language, texts) in data.unlabelled.sorted(by: { $0.key < $1.key }) {
      try append(texts, text.language(named: language))
    }
    for (language, file) in parallel {
      let other = text.language(named: language)
      try ParallelTable(file.path).forEach { first, second in
        let (first, second) = (WordSplitter.line(first), WordSplitter.line(second))
        guard !first.isEmpty, !second.isEmpty else { return }
        try text.appendPair(first, language: source, second, language: other)
      }
    }
    return text
  }
}
