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
  /// Seeds which sentences are drawn.
  public var seed: UInt64
  /// The language that is split into train, dev and test; the others into train and test.
  public var source = "en"
  /// Intents to keep: those that the most languages have.
  public var intentCount = 19
  /// Languages beside the source: those that have the most of the intents.
  public var languageCount = 26
  /// The most sentences drawn from one template.
  public var perTemplate = 6
  /// The most sentences of an intent in each split.
  public var limits = ["train": 80, "dev": 10, "test": 12]

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
    ]
  }

  /// Fetches the package, draws sentences, writes them.
  public func importData(to folder: URL, progress: (String) -> Void) throws {
    let package = try PythonPackage("home-assistant-intents", version).unpacked(progress: progress)
    let data = package.appendingPathComponent("home_assistant_intents/data")
    let names = try FileManager.default.contentsOfDirectory(atPath: data.path)
      .filter { $0.hasSuffix(".json") }.sorted()
    var all: [String: [String: [ImportedRow]]] = [:]  // language → intent → rows
    for name in names {
      let language = String(name.dropLast(".json".count))
      progress("reading \(language)")
      all[language] = try sentences(language, data.appendingPathComponent(name))
    }
    let rows = try chosen(all)
    let files = try ImportedRow.write(rows, to: folder)
    try ImportManifest(
      importer: Self.name, source: "PyPI home-assistant-intents", version: version,
      licence: "Apache-2.0", parameters: parameters, rows: rows, files: files
    ).write(to: folder)
  }

  // MARK: Drawing

  /// Sentences of one language by intent.
  func sentences(_ language: String, _ file: URL) throws -> [String: [ImportedRow]] {
    guard let root = try? JSONSerialization.jsonObject(with: Data(contentsOf: file)),
      let document = root as? [String: Any], let intents = document["intents"] as? [String: Any]
    else { throw CorpusError(.format, "not a JSON object with 'intents'", at: file.path) }
    let sampler = TemplateSampler(
      rules: ((document["expansion_rules"] as? [String: String]) ?? [:]).compactMapValues(
        Template.init),
      lists: Self.lists(document["lists"] as? [String: Any] ?? [:]), fallback: Self.fillers)
    var result: [String: [ImportedRow]] = [:]
    var seen: Set<String> = []
    for (intent, value) in intents.sorted(by: { $0.key < $1.key }) {
      let groups = (value as? [String: Any])?["data"] as? [[String: Any]] ?? []
      let templates = groups.flatMap { $0["sentences"] as? [String] ?? [] }
      for source in Set(templates).sorted() {
        guard let template = Template(source) else { continue }
        let group = String(stableHash(intent, source), radix: 16)
        var generator = StableGenerator(
          seed: stableHash(String(seed), language, intent, source))
        var kept = 0
        for _ in 0..<(perTemplate * 3) where kept < perTemplate {
          guard let text = sampler.sentence(template, &generator), !text.isEmpty,
            seen.insert(text.lowercased()).inserted
          else { continue }
          result[intent, default: []].append(
            ImportedRow(text: text, label: intent, group: group))
          kept += 1
        }
      }
    }
    return result
  }

  private static func lists(_ lists: [String: Any]) -> [String: [Template]] {
    lists.compactMapValues { value in
      guard let list = value as? [String: Any] else { return nil }
      if let values = list["values"] as? [Any] {
        let texts = values.compactMap {
          ($0 as? String) ?? ($0 as? [String: Any])?["in"] as? String
        }
        return texts.compactMap(Template.init)
      }
      guard let range = list["range"] as? [String: Any],
        let from = (range["from"] as? NSNumber)?.intValue,
        let to = (range["to"] as? NSNumber)?.intValue, from <= to
      else { return nil }
      let step = max((range["step"] as? NSNumber)?.intValue ?? 1, 1)
      return stride(from: from, through: to, by: step).map { .text(String($0)) }
    }
  }

  /// Values for slots that a home fills with names of its own: names that are the same in all languages, so
  /// that they tell nothing about the intent in one language more than in another.
  private static func fillers(_ list: String) -> [String] {
    switch list {
    case "area": ["Studio", "Loft", "A1", "B2", "Atelier"]
    case "floor": ["1", "2", "3"]
    case "name": ["Sonos", "Hue 1", "Shelly 2", "Nest", "Ikea 3", "Bosch"]
    case "timer_name": ["pizza", "pasta", "tea"]
    default: ["pizza", "Madonna", "Radio 1", "Mozart", "Berlin", "Anna"]
    }
  }

  // MARK: Choosing

  private func share(_ group: String) -> Double {
    Double(stableHash(String(seed), group) >> 11) / Double(UInt64(1) << 53)
  }

  private func split(_ row: ImportedRow, isSource: Bool) -> String {
    let share = share(row.group)
    if isSource { return share < 0.2 ? "test" : share < 0.3 ? "dev" : "train" }
    return share < 0.6 ? "test" : "train"
  }

  private func chosen(
    _ all: [String: [String: [ImportedRow]]]
  ) throws -> [String: [String: [ImportedRow]]] {
    guard let labelled = all[source] else {
      throw CorpusError(
        .format,
        "the package has no language '\(source)'; it has \(all.keys.sorted().joined(separator: ", "))"
      )
    }
    func testCount(_ language: String, _ intent: String) -> Int {
      (all[language]?[intent] ?? []).reduce(0) {
        $0 + (split($1, isSource: language == source) == "test" ? 1 : 0)
      }
    }
    // An intent must be learnable: some of its templates in each split of the source.
    let learnable = labelled.keys.filter { intent in
      let splits = Set((labelled[intent] ?? []).map { split($0, isSource: true) })
      return splits.count == 3 && (labelled[intent] ?? []).count >= 16
    }
    let others = all.keys.filter { $0 != source }
    let coverage = learnable.map { intent in
      (intent, others.reduce(0) { $0 + (testCount($1, intent) >= 5 ? 1 : 0) })
    }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    let intents = coverage.prefix(intentCount).map(\.0).sorted()
    let languages = others.map { language in
      (language, intents.reduce(0) { $0 + (testCount(language, $1) >= 5 ? 1 : 0) })
    }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(languageCount).map(\.0)

    var rows: [String: [String: [ImportedRow]]] = [:]
    for language in [source] + languages {
      for intent in intents {
        var kept: [String: Int] = [:]
        // In the order of a hash, so that a limit takes a fair sample of the templates.
        let drawn = (all[language]?[intent] ?? []).sorted {
          stableHash(String(seed), $0.text) < stableHash(String(seed), $1.text)
        }
        for row in drawn {
          let split = split(row, isSource: language == source)
          guard kept[split, default: 0] < limits[split] ?? .max else { continue }
          kept[split, default: 0] += 1
          rows[language, default: [:]][split, default: []].append(row)
        }
      }
    }
    return rows
  }
}
