// SPDX-License-Identifier: Apache-2.0

/// What stands around texts: a template of special tokens and places for one text or two.
struct PostProcessor: Sendable {
  enum Part: Sendable {
    case text(Int, type: Int32)
    case special(id: Int32, piece: String, type: Int32)
  }

  let single: [Part]
  let pair: [Part]

  /// No special tokens at all.
  init() {
    self.init(single: [.text(0, type: 0)], pair: [.text(0, type: 0), .text(1, type: 0)])
  }

  init(_ json: JSONValue?) throws(SubwordError) {
    guard let json, !json.isNull else {
      self.init()
      return
    }
    let kind = json["type"]?.string ?? "none"
    guard kind == "TemplateProcessing" else {
      throw SubwordError(.unsupported, "the post-processor '\(kind)' is not supported here")
    }
    self.init(
      single: try Self.parts(json["single"], json["special_tokens"]),
      pair: try Self.parts(json["pair"], json["special_tokens"]))
  }

  private init(single: [Part], pair: [Part]) {
    self.single = single
    self.pair = pair
  }

  private static func parts(
    _ json: JSONValue?, _ specials: JSONValue?
  ) throws(SubwordError) -> [Part] {
    var parts: [Part] = []
    for entry in json?.array ?? [] {
      if let text = entry["Sequence"] {
        parts.append(
          .text(text["id"]?.string == "B" ? 1 : 0, type: Int32(text["type_id"]?.int ?? 0)))
      } else if let special = entry["SpecialToken"], let name = special["id"]?.string,
        let ids = specials?[name]?["ids"]?.array
      {
        for id in ids {
          guard let number = id.int, let small = Int32(exactly: number) else {
            throw SubwordError(.format, "the special token '\(name)' has no id")
          }
          parts.append(.special(id: small, piece: name, type: Int32(special["type_id"]?.int ?? 0)))
        }
      } else {
        throw SubwordError(.format, "the post-processor's template is malformed")
      }
    }
    return parts
  }

  /// Special tokens that are added to one text or two.
  func addedCount(isPair: Bool) -> Int {
    (isPair ? pair : single).reduce(0) { if case .special = $1 { $0 + 1 } else { $0 } }
  }

  func apply(_ first: Encoding, _ second: Encoding?) -> Encoding {
    var result = Encoding()
    for part in second == nil ? single : pair {
      switch part {
      case .text(let index, let type):
        guard var text = index == 0 ? first : second else { continue }
        text.mark(sequence: index, type: type)
        result.merge(text)
      case .special(let id, let piece, let type):
        var special = Encoding()
        special.append(
          id: id, piece: piece, offsets: 0..<0, word: nil, type: type, isSpecial: true)
        result.merge(special)
      }
    }
    return result
  }
}

extension Encoding {
  fileprivate mutating func mark(sequence: Int, type: Int32) {
    typeIDs = [Int32](repeating: type, count: count)
    sequenceIDs = [Int?](repeating: sequence, count: count)
    for index in overflowing.indices { overflowing[index].mark(sequence: sequence, type: type) }
  }
}
