// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Corpora

/// Imports of the real data, which need a network the first time.
@Suite(
  "Live imports",
  .enabled(
    if: ProcessInfo.processInfo.environment["KOINE_NETWORK_TESTS"] == "1",
    "set KOINE_NETWORK_TESTS=1 to fetch real data"))
struct LiveImportTests {
  private func examples(_ name: String) throws -> [String: [String: [Example]]] {
    let folder = try TemporaryFolder()
    try Importers.named(name).importData(to: folder.url) { _ in }
    let manifest = try ImportManifest(contentsOf: folder.url)
    try manifest.verify(folder.url)
    let pattern = try CorpusPattern("\(folder.url.path)/{lang}/{split}.tsv")
    var examples: [String: [String: [Example]]] = [:]
    for (language, splits) in manifest.counts {
      for (split, counts) in splits {
        let file = pattern.file(language: language, split: split)
        let read = try ExampleReader().read(file.path)
        #expect(read.count == counts.values.reduce(0, +))
        examples[language, default: [:]][split] = read
      }
    }
    return examples
  }

  @Test("home-assistant-intents gives 19 intents in 27 languages, templates apart")
  func intents() throws {
    let examples = try examples(HomeAssistantIntents.name)
    #expect(examples.count == 27)
    let labels = Set((examples["en"]?["train"] ?? []).compactMap(\.label))
    #expect(labels.count == 19)
    for (language, splits) in examples {
      let groups = splits.values.map { Set($0.compactMap(\.group)) }
      let together = groups.reduce(into: Set<String>()) { $0.formUnion($1) }
      #expect(groups.reduce(0) { $0 + $1.count } == together.count)
      #expect(splits["test", default: []].count >= 100, "\(language)")
      #expect(!splits.values.joined().contains { $0.text.contains { "[]{}<>|".contains($0) } })
    }
  }

  @Test("debian-descriptions gives 10 topics in at least 15 languages, sources apart")
  func descriptions() throws {
    let examples = try examples(DebianDescriptions.name)
    #expect(examples.count >= 15)
    let labels = Set((examples["en"]?["train"] ?? []).compactMap(\.label))
    #expect(labels.count == 10)
    let learned = Set(
      ["train", "dev"].flatMap { examples["en"]?[$0] ?? [] }.compactMap(\.group))
    for (language, splits) in examples {
      let tested = splits["test", default: []]
      #expect(tested.count >= 100, "\(language)")
      #expect(learned.isDisjoint(with: tested.compactMap(\.group)))
    }
  }
}
