// SPDX-License-Identifier: Apache-2.0

/// Draws sentences from templates, given a language's rules and lists.
///
/// A draw walks the template once, so its cost is that of one sentence however many the template has.
struct TemplateSampler {
  /// Rules by name.
  var rules: [String: Template] = [:]
  /// Values of lists by name; each is a template.
  var lists: [String: [Template]] = [:]
  /// What a list without values of its own is filled with.
  var fallback: (String) -> [String] = { _ in [] }

  /// Parts that one sentence may have; a rule that contains itself ends here.
  static let partLimit = 2000
  /// Templates inside templates.
  static let depthLimit = 64

  /// One sentence, spaces tidied; nil when it needs a rule or list that is not there, or never ends.
  func sentence(_ template: Template, _ generator: inout some RandomNumberGenerator) -> String? {
    var draw = Draw()
    guard append(template, to: &draw, depth: 0, &generator) else { return nil }
    return draw.text.collapsingSpaces
  }

  /// At most `limit` sentences that `isNew` takes, from at most three times as many draws.
  func sentences(
    _ template: Template, limit: Int, _ generator: inout some RandomNumberGenerator,
    where isNew: (String) -> Bool
  ) -> [String] {
    var sentences: [String] = []
    for _ in 0..<limit * 3 where sentences.count < limit {
      guard let text = sentence(template, &generator), !text.isEmpty, isNew(text) else { continue }
      sentences.append(text)
    }
    return sentences
  }

  private struct Draw {
    var text = ""
    var parts = 0
  }

  private func append(
    _ template: Template, to draw: inout Draw, depth: Int,
    _ generator: inout some RandomNumberGenerator
  ) -> Bool {
    draw.parts += 1
    guard depth < Self.depthLimit, draw.parts <= Self.partLimit else { return false }
    switch template {
    case .text(let text): draw.text += text
    case .sequence(let parts):
      for part in parts {
        guard append(part, to: &draw, depth: depth + 1, &generator) else { return false }
      }
    case .choice(let options):
      guard let option = options.randomElement(using: &generator) else { return false }
      return append(option, to: &draw, depth: depth + 1, &generator)
    case .permutation(let parts):
      for (number, part) in parts.shuffled(using: &generator).enumerated() {
        if number > 0 { draw.text += " " }
        guard append(part, to: &draw, depth: depth + 1, &generator) else { return false }
      }
    case .list(let name):
      if let value = lists[name]?.randomElement(using: &generator) {
        return append(value, to: &draw, depth: depth + 1, &generator)
      }
      guard let value = fallback(name).randomElement(using: &generator) else { return false }
      draw.text += value
    case .rule(let name):
      guard let rule = rules[name] else { return false }
      return append(rule, to: &draw, depth: depth + 1, &generator)
    }
    return true
  }
}
