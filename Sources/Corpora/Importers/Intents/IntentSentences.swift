// SPDX-License-Identifier: Apache-2.0

/// The sentences drawn from one language's templates.
struct IntentSentences {
  /// Examples by intent; each one's group is its template.
  private(set) var examples: [String: [Example]] = [:]
  /// Templates that do not follow the grammar, or need what is not there.
  private(set) var unusable: [CorpusError] = []

  /// Draws from every template of a language; no sentence comes twice, whatever its case.
  ///
  /// - Parameters:
  ///   - language: Seeds the draw beside `seed`, so that a language's sentences hang on no other's.
  ///   - perTemplate: The most sentences of a template.
  init(_ document: IntentLanguage, language: String, perTemplate: Int, seed: UInt64) {
    var rules: [String: Template] = [:]
    for (name, source) in document.rules.sorted(by: { $0.key < $1.key }) {
      if let template = template(source) { rules[name] = template }
    }
    var lists: [String: [Template]] = [:]
    for (name, list) in document.lists.sorted(by: { $0.key < $1.key }) {
      do { lists[name] = try list.templates() } catch { unusable.append(error) }
    }
    var seen: Set<String> = []
    for (intent, value) in document.intents.sorted(by: { $0.key < $1.key }) {
      var drawn: Set<String> = []
      for block in value.data {
        var sampler = TemplateSampler(
          rules: rules, lists: lists, fallback: NeutralValues.values)
        for (name, source) in (block.rules ?? [:]).sorted(by: { $0.key < $1.key }) {
          sampler.rules[name] = template(source)
        }
        for source in block.sentences where drawn.insert(source).inserted {
          guard let template = template(source) else { continue }
          var generator = StableGenerator(
            seed: stableHash(String(seed), language, intent, source))
          var isUsable = false
          let texts = sampler.sentences(template, limit: perTemplate, &generator) { text in
            isUsable = true
            return seen.insert(text.lowercased()).inserted
          }
          if !isUsable {
            unusable.append(CorpusError(.template, "the template gives no sentence: '\(source)'"))
          }
          let group = Self.group(intent, source)
          for text in texts {
            examples[intent, default: []].append(
              Example(text: text, label: intent, group: group))
          }
        }
      }
    }
  }

  /// A template's name, the same in every language that has the same template.
  static func group(_ intent: String, _ source: String) -> String {
    let digits = String(stableHash(intent, source), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  private mutating func template(_ source: String) -> Template? {
    do {
      return try Template(source)
    } catch {
      unusable.append(error)
      return nil
    }
  }
}
