// SPDX-License-Identifier: Apache-2.0

/// A sentence template in the grammar of hassil, which Home Assistant's intents are written in.
///
/// | written | means |
/// |---|---|
/// | `(a\|b)` | one of them |
/// | `[a]`, `[a\|b]` | one of them, or nothing |
/// | `(a;b)` | all of them, in any order |
/// | `{list}`, `{list:slot}` | a value of a list |
/// | `<rule>` | another template |
/// | `\(` | the character itself |
indirect enum Template: Equatable {
  case text(String)
  case sequence([Template])
  case choice([Template])
  case permutation([Template])
  case list(String)
  case rule(String)

  /// Reads a template; nil when its brackets do not match.
  init?(_ source: String) {
    var parser = Parser(scalars: Array(source.unicodeScalars))
    guard let parsed = parser.group(until: nil), parser.atEnd else { return nil }
    self = parsed
  }

  private struct Parser {
    let scalars: [Unicode.Scalar]
    var index = 0

    var atEnd: Bool { index == scalars.count }

    /// Everything up to a closing bracket, or to the end.
    mutating func group(until close: Unicode.Scalar?) -> Template? {
      var alternatives: [[Template]] = [[]]
      var separator: Unicode.Scalar?
      var text = String.UnicodeScalarView()
      func flush(_ text: inout String.UnicodeScalarView, _ parts: inout [Template]) {
        guard !text.isEmpty else { return }
        parts.append(.text(String(text)))
        text = String.UnicodeScalarView()
      }
      while index < scalars.count {
        let scalar = scalars[index]
        if scalar == close { break }
        index += 1
        let last = alternatives.count - 1
        switch scalar {
        case "\\":
          guard index < scalars.count else { return nil }
          text.append(scalars[index])
          index += 1
        case "(", "[":
          flush(&text, &alternatives[last])
          guard let inner = group(until: scalar == "(" ? ")" : "]"), index < scalars.count else {
            return nil
          }
          index += 1
          alternatives[last].append(scalar == "(" ? inner : .choice([inner, .sequence([])]))
        case ")", "]", "}", ">": return nil
        case "{", "<":
          flush(&text, &alternatives[last])
          guard let name = name(until: scalar == "{" ? "}" : ">") else { return nil }
          if scalar == "<" {
            alternatives[last].append(.rule(name))
          } else {
            alternatives[last].append(.list(String(name.split(separator: ":")[0])))
          }
        case "|", ";":
          // Only brackets hold alternatives; elsewhere the signs stand for themselves.
          guard close != nil, separator == nil || separator == scalar else {
            text.append(scalar)
            continue
          }
          separator = scalar
          flush(&text, &alternatives[last])
          alternatives.append([])
        default: text.append(scalar)
        }
      }
      flush(&text, &alternatives[alternatives.count - 1])
      let parts = alternatives.map { $0.count == 1 ? $0[0] : Template.sequence($0) }
      guard parts.count > 1 else { return parts[0] }
      return separator == ";" ? .permutation(parts) : .choice(parts)
    }

    private mutating func name(until close: Unicode.Scalar) -> String? {
      guard let end = scalars[index...].firstIndex(of: close), end > index else { return nil }
      defer { index = end + 1 }
      var view = String.UnicodeScalarView()
      view.append(contentsOf: scalars[index..<end])
      return String(view)
    }
  }
}

/// Draws sentences from templates, given a language's rules and lists.
struct TemplateSampler {
  /// Rules by name; each is a template.
  let rules: [String: Template]
  /// Values of lists by name; each is a template.
  let lists: [String: [Template]]
  /// What a list that has no values is filled with.
  let fallback: (String) -> [String]

  /// One sentence, spaces tidied; nil when it needs a rule that is not there or never ends.
  func sentence(_ template: Template, _ generator: inout some RandomNumberGenerator) -> String? {
    var result = ""
    guard append(template, to: &result, depth: 0, &generator) else { return nil }
    return result.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private func append(
    _ template: Template, to result: inout String, depth: Int,
    _ generator: inout some RandomNumberGenerator
  ) -> Bool {
    guard depth < 32 else { return false }
    switch template {
    case .text(let text): result += text
    case .sequence(let parts):
      for part in parts {
        guard append(part, to: &result, depth: depth + 1, &generator) else { return false }
      }
    case .choice(let options):
      guard let option = options.randomElement(using: &generator) else { return false }
      return append(option, to: &result, depth: depth + 1, &generator)
    case .permutation(let parts):
      for part in parts.shuffled(using: &generator) {
        result += " "
        guard append(part, to: &result, depth: depth + 1, &generator) else { return false }
      }
      result += " "
    case .list(let name):
      if let value = lists[name]?.randomElement(using: &generator) {
        return append(value, to: &result, depth: depth + 1, &generator)
      }
      guard let value = fallback(name).randomElement(using: &generator) else { return false }
      result += value
    case .rule(let name):
      guard let rule = rules[name] else { return false }
      return append(rule, to: &result, depth: depth + 1, &generator)
    }
    return true
  }
}
