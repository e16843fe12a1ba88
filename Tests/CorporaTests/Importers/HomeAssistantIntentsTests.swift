// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

@Suite("HomeAssistantIntents")
struct HomeAssistantIntentsTests {
  /// A language's file with two intents of so many templates, and one of a single template.
  private func language(_ words: [String], templates: Int = 12) -> String {
    func intent(_ verb: String) -> String {
      let sentences = (0..<templates).map { "\"\(verb) [\(words[2])] {thing} \($0)\"" }
      return "{\"data\": [{\"sentences\": [\(sentences.joined(separator: ", "))]}]}"
    }
    return """
      {"language": "xx", "responses": {}, "skip_words": [],
       "intents": {"On": \(intent(words[0])), "Off": \(intent(words[1])),
        "Rare": {"data": [{"sentences": ["<hello> alle"], "metadata": {}, "slots": {"a": "b"}}]}},
       "lists": {"thing": {"values": ["\(words[3])", {"in": "\(words[4])|\(words[5])", "out": "x"}]},
        "level": {"range": {"type": "percentage", "from": 10, "to": 30, "step": 10}},
        "name": {"wildcard": true}},
       "expansion_rules": {"hello": "\(words[6])"}}
      """
  }

  private func fixture() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, words) in [
      ("en", ["start", "stop", "the", "lamp", "fan", "radio", "hello"]),
      ("de", ["starte", "stoppe", "die", "Lampe", "Heizung", "Anlage", "hallo"]),
      // Says "stop" as English does, so its templates and sentences are partly the same.
      ("nl", ["begin", "stop", "the", "lamp", "fan", "radio", "hallo"]),
    ] { try folder.write(language(words), to: "data/\(name).json") }
    try folder.write("not a language", to: "data/README")
    return folder
  }

  private var importer: HomeAssistantIntents {
    var importer = HomeAssistantIntents(seed: 5)
    importer.perTemplate = 3
    return importer
  }

  private func corpus(_ importer: HomeAssistantIntents) throws -> ImportedCorpus {
    let folder = try fixture()
    let data = folder.url.appendingPathComponent("data")
    return try importer.select(importer.read(data) { _ in }.sentences)
  }

  @Test("keeps the intents that can be learned, in the languages that have them")
  func chosen() throws {
    let counts = try corpus(importer).counts
    #expect(counts.keys.sorted() == ["de", "en", "nl"])
    #expect(counts["en"]?.keys.sorted() == ["dev", "test", "train"])
    #expect(counts["de"]?.keys.sorted() == ["test", "train"])
    #expect(counts["en"]?["train"]?.keys.sorted() == ["Off", "On"])
  }

  @Test("never has a template or a sentence in two splits", arguments: [1, 2, 3] as [UInt64])
  func apart(_ seed: UInt64) throws {
    var importer = self.importer
    importer.seed = seed
    for (language, splits) in try corpus(importer).examples {
      let examples = splits.values.joined()
      #expect(
        Set(examples.map { $0.text.lowercased() }).count == examples.count, "\(language)")
      let groups = splits.values.map { Set($0.compactMap(\.group)) }
      let together = groups.reduce(into: Set<String>()) { $0.formUnion($1) }
      #expect(groups.reduce(0) { $0 + $1.count } == together.count)
      #expect(splits.values.allSatisfy { !$0.isEmpty })
    }
  }

  @Test("never tests a language on what the source is learned from")
  func zeroShot() throws {
    let examples = try corpus(importer).examples
    let learned = ["train", "dev"].flatMap { examples["en"]?[$0] ?? [] }
    let texts = Set(learned.map(\.text))
    let groups = Set(learned.compactMap(\.group))
    // The fixture would fail this without care: most of its "stop" templates are learned.
    for example in examples["nl"]?["test"] ?? [] {
      #expect(!texts.contains(example.text))
      #expect(!groups.contains(example.group ?? ""))
    }
    #expect(examples["nl"]?["test"]?.contains { $0.label == "Off" } == true)
  }

  @Test("keeps to its limits")
  func limits() throws {
    var importer = self.importer
    importer.limits = ["train": 7, "dev": 2, "test": 4]
    importer.languageCount = 1
    importer.intentCount = 1
    let counts = try corpus(importer).counts
    #expect(counts.count == 2)
    for splits in counts.values {
      for (split, labels) in splits {
        #expect(labels.count == 1)
        #expect(labels.values.allSatisfy { $0 <= importer.limits[split] ?? 0 })
      }
    }
  }

  @Test("gives the same bytes for the same seed, and others for another")
  func seeds() throws {
    let folder = try fixture()
    func run(_ seed: UInt64, _ name: String) throws -> ImportManifest {
      var importer = self.importer
      importer.seed = seed
      let place = folder.url.appendingPathComponent(name)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try importer.importData(
        from: folder.url.appendingPathComponent("data"), to: place, progress: { _ in })
      return try ImportManifest(contentsOf: place)
    }
    let first = try run(1, "a")
    #expect(try run(1, "b") == first)
    #expect(try run(2, "c").files != first.files)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder.path("a/manifest.json")))
        == Data(contentsOf: URL(fileURLWithPath: folder.path("b/manifest.json"))))
    try first.verify(folder.url.appendingPathComponent("a"))
    #expect(first.inputs.keys.sorted() == ["de.json", "en.json", "nl.json"])
    let path = folder.path("a/en/train.tsv")
    let examples = try ExampleReader().read(path)
    #expect(first.counts["en"]?["train"]?.values.reduce(0, +) == examples.count)
    #expect(examples.first?.identifier == "en-train-0")
  }

  @Test("tells of templates that it cannot use, and goes on")
  func unusable() throws {
    let folder = try fixture()
    try folder.write(
      language(["go (up", "stop", "the", "a", "b", "c", "x"]), to: "data/xx.json")
    var told: [String] = []
    let sentences = try importer.read(folder.url.appendingPathComponent("data")) { told.append($0) }
      .sentences
    #expect(sentences["xx"]?["On"] == nil)
    #expect(sentences["xx"]?["Off"]?.isEmpty == false)
    #expect(told.count { $0.hasPrefix("xx: left out") && $0.contains("never closed") } == 12)
  }

  @Test("names the file that is no language", arguments: ["[]", "{", "{\"lists\": {}}"])
  func malformed(_ text: String) throws {
    let folder = try fixture()
    let path = try folder.write(text, to: "data/yy.json")
    let error = #expect(throws: CorpusError.self) {
      try importer.read(folder.url.appendingPathComponent("data")) { _ in }
    }
    #expect(error?.file == path)
  }

  @Test("names the languages there are where the source is not among them")
  func noSource() throws {
    var importer = self.importer
    importer.source = "fr"
    let error = #expect(throws: CorpusError.self) { try corpus(importer) }
    #expect(error?.found == "de, en, nl")
  }

  @Test("says that nothing can be learned where intents have too few templates")
  func tooFew() throws {
    var importer = self.importer
    importer.templateMinimum = 13
    #expect(throws: CorpusError.self) { try corpus(importer) }
  }

  @Test("reads values, ranges and wildcards")
  func lists() throws {
    let folder = try fixture()
    let file = URL(fileURLWithPath: folder.path("data/en.json"))
    let lists = try IntentLanguage(contentsOf: file).lists
    #expect(lists["thing"] == .values(["lamp", "fan|radio"]))
    #expect(lists["level"] == .range(from: 10, through: 30, by: 10))
    #expect(lists["name"] == .wildcard)
    #expect(try lists["level"]?.templates() == [.text("10"), .text("20"), .text("30")])
  }
}
