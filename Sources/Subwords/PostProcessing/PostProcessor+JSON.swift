// SPDX-License-Identifier: Apache-2.0

extension PostProcessor {
  init(_ json: JSONCursor) throws(SubwordError) {
    let isSequence = try json.type() == "Sequence"
    do {
      try self.init(steps: try Self.steps(json), isSequence: isSequence)
    } catch {
      throw error.location.isEmpty ? error.inside(json.path) : error
    }
  }

  private static func steps(_ json: JSONCursor) throws(SubwordError) -> [Step] {
    let type = try json.type()
    switch type {
    case "TemplateProcessing": return [try template(json)]
    case "BertProcessing":
      return [
        .bert(
          separator: try Special(json, named: "sep"), start: try Special(json, named: "cls"))
      ]
    case "RobertaProcessing":
      return [
        .roberta(
          separator: try Special(json, named: "sep"), start: try Special(json, named: "cls"),
          try ByteLevel(json))
      ]
    case "ByteLevel": return [.byteLevel(try ByteLevel(json))]
    case "Sequence":
      var steps = [Step]()
      for part in try json.required("processors").elements() { steps += try self.steps(part) }
      return steps
    default:
      throw json.unsupported(
        "post-processor", type,
        supported: [
          "TemplateProcessing", "BertProcessing", "RobertaProcessing", "ByteLevel", "Sequence",
        ])
    }
  }

  private static func template(_ json: JSONCursor) throws(SubwordError) -> Step {
    let special = try json.optional("special_tokens")
    let single = try Self.template(try json.required("single"), special)
    let pair = try Self.template(try json.required("pair"), special)
    for part in single {
      if case .sequence(1, _) = part {
        throw SubwordError(
          .malformed, "expected only sequence A in the template for one text, found B",
          at: json.path)
      }
    }
    return .template(single: single, pair: pair)
  }

  private static func template(
    _ json: JSONCursor, _ special: JSONCursor?
  ) throws(SubwordError) -> [Part] {
    var parts = [Part]()
    for element in try json.elements() {
      if let sequence = try element.optional("Sequence") {
        let name = try sequence.required("id").string()
        guard name == "A" || name == "B" else {
          throw SubwordError(
            .malformed, "expected sequence A or B, found “\(name)”", at: sequence.path)
        }
        parts.append(
          .sequence(
            name == "A" ? 0 : 1, typeID: Int32(try sequence.required("type_id").natural())))
        continue
      }
      let token = try element.required("SpecialToken")
      let name = try token.required("id").string()
      guard let entry = try special?.optional(name) else {
        throw SubwordError(
          .malformed, "expected “\(name)” among special_tokens, found no such entry",
          at: token.path)
      }
      var ids = [Int32]()
      for id in try entry.required("ids").elements() { ids.append(Int32(try id.natural())) }
      parts.append(
        .special(ids, name: name, typeID: Int32(try token.required("type_id").natural())))
    }
    return parts
  }

  func json(piece: (Int32) -> String?) -> JSONValue {
    let parts = steps.map { (step) -> JSONValue in
      switch step {
      case .template(let single, let pair): Self.json(single, pair, piece)
      case .bert(let separator, let start):
        .typed("BertProcessing", ("sep", separator.json), ("cls", start.json))
      case .roberta(let separator, let start, let settings):
        .typed(
          "RobertaProcessing", ("sep", separator.json), ("cls", start.json),
          ("trim_offsets", .bool(settings.trimsOffsets)),
          ("add_prefix_space", .bool(settings.addsPrefixSpace)))
      case .byteLevel(let settings): settings.json
      }
    }
    guard isSequence || parts.count != 1 else { return parts[0] }
    return .typed("Sequence", ("processors", .array(parts)))
  }

  private static func json(
    _ single: [Part], _ pair: [Part], _ piece: (Int32) -> String?
  ) -> JSONValue {
    var special = [JSONValue.Member]()
    for case .special(let ids, let name, _) in single + pair
    where !special.contains(where: { $0.name == name }) {
      special.append(
        .init(
          name,
          .object([
            .init("id", .string(name)), .init("ids", .array(ids.map { .number(Double($0)) })),
            .init("tokens", .array(ids.map { .string(piece($0) ?? name) })),
          ])))
    }
    // By name, as the references write them, so that a file rewritten does not change.
    special.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return .typed(
      "TemplateProcessing", ("single", Self.json(single)), ("pair", Self.json(pair)),
      ("special_tokens", .object(special)))
  }

  private static func json(_ template: [Part]) -> JSONValue {
    .array(
      template.map { part in
        let (kind, name, typeID) =
          switch part {
          case .sequence(let index, let typeID): ("Sequence", index == 0 ? "A" : "B", typeID)
          case .special(_, let name, let typeID): ("SpecialToken", name, typeID)
          }
        return .object([
          .init(
            kind,
            .object([.init("id", .string(name)), .init("type_id", .number(Double(typeID)))]))
        ])
      })
  }
}

extension PostProcessor.Special {
  fileprivate init(_ json: JSONCursor, named name: String) throws(SubwordError) {
    let entry = try json.required(name)
    let pair = try entry.elements()
    guard pair.count == 2 else { throw entry.mismatch("a piece and its id") }
    self.init(try pair[0].string(), Int32(try pair[1].natural()))
  }

  fileprivate var json: JSONValue { .array([.string(piece), .number(Double(id))]) }
}
