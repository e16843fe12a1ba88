// SPDX-License-Identifier: Apache-2.0

extension Template {
  /// Reads a template.
  ///
  /// - Throws: `CorpusError.Code.template` where brackets do not match, a name is empty, or a group mixes
  ///   `|` and `;`.
  init(_ source: String) throws(CorpusError) {
    var parser = TemplateParser(source)
    self = try parser.group(closedBy: nil)
  }
}

/// Recursive descent over a template's scalars.
private struct TemplateParser {
  private let source: String
  private let scalars: [Unicode.Scalar]
  private var index = 0

  init(_ source: String) {
    self.source = source
    scalars = Array(source.unicodeScalars)
  }

  /// Everything up to a closing bracket, which is taken too, or to the end.
  mutating func group(closedBy close: Unicode.Scalar?) throws(CorpusError) -> Template {
    let start = index
    var items: [[Template]] = [[]]
    var separator: Unicode.Scalar?
    var text = String.UnicodeScalarView()
    func add(_ part: Template? = nil) {
      if !text.isEmpty { items[items.count - 1].append(.text(String(text))) }
      text = String.UnicodeScalarView()
      if let part { items[items.count - 1].append(part) }
    }
    while index < scalars.count, scalars[index] != close {
      let scalar = scalars[index]
      index += 1
      switch scalar {
      case "(": add(try group(closedBy: ")"))
      case "[": add(optional(try group(closedBy: "]")))
      case "{": add(.list(try name(closedBy: "}")))
      case "<": add(.rule(try name(closedBy: ">")))
      case ")", "]", "}", ">":
        throw error("a '\(scalar)' closes nothing", at: index - 1)
      case "|", ";":
        guard separator == nil || separator == scalar else {
          throw error("a group has both '|' and ';'", at: index - 1)
        }
        separator = scalar
        add()
        items.append([])
      case "\\":
        guard index < scalars.count else { throw error("a '\\' escapes nothing", at: index - 1) }
        text.append(scalars[index])
        index += 1
      default: text.append(scalar)
      }
    }
    if let close {
      guard index < scalars.count else {
        throw error("a bracket is never closed by '\(close)'", at: start - 1)
      }
      index += 1
    }
    add()
    let parts = items.map { $0.count == 1 ? $0[0] : Template.sequence($0) }
    switch separator {
    case "|": return .choice(parts)
    case ";": return .permutation(parts)
    default: return parts[0]
    }
  }

  private func optional(_ template: Template) -> Template {
    // `[a|b]` is a choice of three, not a coin before a choice of two.
    if case .choice(let options) = template { return .choice(options + [.sequence([])]) }
    return .choice([template, .sequence([])])
  }

  /// A list's or rule's name; what follows a colon names the slot, which says nothing of the sentence.
  private mutating func name(closedBy close: Unicode.Scalar) throws(CorpusError) -> String {
    let start = index
    guard let end = scalars[start...].firstIndex(of: close) else {
      throw error("a bracket is never closed by '\(close)'", at: start - 1)
    }
    index = end + 1
    var name = String.UnicodeScalarView()
    name.append(contentsOf: scalars[start..<end].prefix { $0 != ":" })
    guard !name.isEmpty else { throw error("a name is empty", at: start) }
    return String(name)
  }

  private func error(_ message: String, at offset: Int) -> CorpusError {
    CorpusError(.template, "\(message), at character \(offset + 1) of '\(source)'")
  }
}
