// SPDX-License-Identifier: Apache-2.0

/// The stage behind the model: it puts special tokens around one text or a pair.
public struct PostProcessor: Sendable, Equatable {
  /// One place in a template.
  public enum Part: Sendable, Equatable {
    /// A text of the input: 0 the first, 1 the second.
    case sequence(Int, typeID: Int32)
    /// Special tokens by their ids.
    case special([Int32], name: String, typeID: Int32)
  }

  /// The template for one text.
  public var single: [Part]
  /// The template for a pair.
  public var pair: [Part]

  /// Makes a post-processor.
  public init(single: [Part], pair: [Part]) {
    self.single = single
    self.pair = pair
  }

  /// Nothing added; a pair follows one after the other with type ids 0 and 1.
  public static let plain = PostProcessor(
    single: [.sequence(0, typeID: 0)], pair: [.sequence(0, typeID: 0), .sequence(1, typeID: 1)])

  /// How many tokens the template adds.
  public func addedCount(isPair: Bool) -> Int {
    (isPair ? pair : single).reduce(0) { count, part in
      if case .special(let ids, _, _) = part { count + ids.count } else { count }
    }
  }

  /// The ids in front of and behind a single text; nil if its template is not of that shape.
  var affixes: (prefix: [Int32], suffix: [Int32])? {
    var prefix = [Int32]()
    var suffix = [Int32]()
    var seen = false
    for part in single {
      switch part {
      case .sequence:
        guard !seen else { return nil }
        seen = true
      case .special(let ids, _, _): if seen { suffix += ids } else { prefix += ids }
      }
    }
    return seen ? (prefix, suffix) : nil
  }
}

extension PostProcessor {
  init(_ json: JSONCursor) throws(SubwordError) {
    let type = try json.type()
    guard type == "TemplateProcessing" else {
      throw json.unsupported("post-processor", type, supported: ["TemplateProcessing"])
    }
    let special = try json.optional("special_tokens")
    self.init(
      single: try Self.template(try json.required("single"), special),
      pair: try Self.template(try json.required("pair"), special))
    for part in single {
      if case .sequence(1, _) = part {
        throw SubwordError(
          .malformed, "expected only sequence A in the template for one text, found B",
          at: json.path)
      }
    }
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
