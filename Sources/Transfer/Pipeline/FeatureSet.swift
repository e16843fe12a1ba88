// SPDX-License-Identifier: Apache-2.0

import CrossLingual
import Foundation
import Tasks
import Torch

/// Vectors of all of a task's text under one encoder, and each language's mean.
struct FeatureSet {
  var train: Tensor
  var development: Tensor?
  /// Vectors of test text by language.
  var test: [String: Tensor]
  /// Vectors of text without labels by language, where there is some.
  var unlabelled: [String: Tensor]
  /// Means by language, of unlabelled text where there is some, else of test text.
  var centers: LanguageCenters

  /// Runs the encoder over the task's text: over test text always, over unlabelled text where means are wanted,
  /// and over labelled text where a head will be fitted or means are wanted.
  init(
    _ data: TaskData, _ encoder: any SentenceEncoder, withCenters: Bool = true,
    withLabelled: Bool = true,
    progress: inout ProgressMeter
  ) throws {
    let train = withLabelled || withCenters ? encoder.rows(data.train.texts) : []
    let development = withLabelled ? data.development.map { encoder.rows($0.texts) } : nil
    let test = try data.test.map {
      try encoder.rows(data.reading($0.texts, language: $0.language))
    }
    let source = data.train.language
    let languages =
      withCenters ? data.unlabelled.keys.sorted().filter { $0 != source } : []
    let unlabelled = try languages.map {
      try encoder.rows(data.reading(data.unlabelled[$0] ?? [], language: $0))
    }
    let all = [train, development ?? []] + test + unlabelled
    progress.begin(all.joined().reduce(0) { $0 + $1.count }, unit: "tokens")

    func embed(_ rows: [[Int32]], _ language: String) throws -> Tensor {
      try encoder.embed(rows, language: language) { progress.advance($0) }
    }
    self.train = try embed(train, source)
    self.development = try development.map { try embed($0, source) }
    self.test = [:]
    self.unlabelled = [:]
    centers = LanguageCenters()
    for (examples, rows) in zip(data.test, test) {
      let vectors = try embed(rows, examples.language)
      self.test[examples.language] = vectors
      try centers.learn(examples.language, from: vectors)
    }
    for (language, rows) in zip(languages, unlabelled) where !rows.isEmpty {
      let vectors = try embed(rows, language)
      self.unlabelled[language] = vectors
      try centers.learn(language, from: vectors)
    }
    if !train.isEmpty { try centers.learn(source, from: self.train) }
    progress.end()
  }

  /// Reads vectors that were kept.
  init(contentsOf url: URL) throws {
    let file = try SafetensorsFile(url)
    train = try file.tensor("train")
    development = file.shape("development") == nil ? nil : try file.tensor("development")
    test = [:]
    unlabelled = [:]
    var means: [String: Tensor] = [:]
    for name in file.names {
      if let language = name.suffix(after: "test.") { test[language] = try file.tensor(name) }
      if let language = name.suffix(after: "unlabelled.") {
        unlabelled[language] = try file.tensor(name)
      }
      if let language = name.suffix(after: "center.") { means[language] = try file.tensor(name) }
    }
    centers = LanguageCenters(means)
  }

  /// Keeps the vectors.
  func write(to url: URL) throws {
    var tensors: [(name: String, tensor: Tensor)] = [("train", train)]
    if let development { tensors.append(("development", development)) }
    tensors += test.map { ("test.\($0.key)", $0.value) }
    tensors += unlabelled.map { ("unlabelled.\($0.key)", $0.value) }
    tensors += centers.centers.map { ("center.\($0.key)", $0.value) }
    try SafetensorsFile.write(tensors, to: url)
  }

  /// The same vectors with each language's mean taken away.
  func centered(source: String) throws -> FeatureSet {
    var result = self
    result.train = try centers.centered(train, language: source)
    result.development = try development.map { try centers.centered($0, language: source) }
    for (language, vectors) in test {
      result.test[language] = try centers.centered(vectors, language: language)
    }
    for (language, vectors) in unlabelled {
      result.unlabelled[language] = try centers.centered(vectors, language: language)
    }
    return result
  }
}

extension String {
  /// What follows a prefix, or nil when the text does not begin with it.
  func suffix(after prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
