// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One language of Home Assistant's intents, as its file has it.
struct IntentLanguage: Decodable {
  /// A part of an intent: templates that share their slots.
  struct Block: Decodable {
    var sentences: [String]
    /// Rules for these templates alone.
    var rules: [String: String]?

    enum CodingKeys: String, CodingKey {
      case sentences
      case rules = "expansion_rules"
    }
  }

  /// An intent.
  struct Intent: Decodable {
    var data: [Block]
  }

  /// Templates by intent.
  var intents: [String: Intent]
  /// What slots are filled with, by the list's name.
  var lists: [String: IntentSlotList]
  /// Templates that others name.
  var rules: [String: String]

  enum CodingKeys: String, CodingKey {
    case intents, lists
    case rules = "expansion_rules"
  }

  /// Reads a language's file.
  ///
  /// - Throws: `CorpusError.Code.format` where it is not such a file.
  init(contentsOf file: URL) throws(CorpusError) {
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    } catch {
      throw CorpusError(
        .format, "not a language of Home Assistant's intents",
        expected: "a JSON object with 'intents', 'lists' and 'expansion_rules'",
        found: "\(error)", hint: "choose another version of the package", at: file.path)
    }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    intents = try container.decode([String: Intent].self, forKey: .intents)
    lists = try container.decodeIfPresent([String: IntentSlotList].self, forKey: .lists) ?? [:]
    rules = try container.decodeIfPresent([String: String].self, forKey: .rules) ?? [:]
  }
}

/// What a slot may be filled with: values, a range of numbers, or anything at all.
enum IntentSlotList: Decodable, Equatable {
  /// Templates.
  case values([String])
  /// Numbers from the first to the last, by a step.
  case range(from: Int, through: Int, by: Int)
  /// Whatever the speaker says.
  case wildcard

  private enum CodingKeys: String, CodingKey { case values, range, wildcard }
  private enum RangeKeys: String, CodingKey { case from, to, step }
  private enum ValueKeys: String, CodingKey { case `in` }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if container.contains(.values) {
      var list = try container.nestedUnkeyedContainer(forKey: .values)
      var values: [String] = []
      while !list.isAtEnd {
        if let text = try? list.decode(String.self) {
          values.append(text)
        } else {
          let value = try list.nestedContainer(keyedBy: ValueKeys.self)
          values.append(try value.decode(String.self, forKey: .in))
        }
      }
      self = .values(values)
    } else if container.contains(.range) {
      let range = try container.nestedContainer(keyedBy: RangeKeys.self, forKey: .range)
      let step = try range.decodeIfPresent(Int.self, forKey: .step) ?? 1
      self = .range(
        from: try range.decode(Int.self, forKey: .from),
        through: try range.decode(Int.self, forKey: .to), by: max(step, 1))
    } else {
      self = .wildcard
    }
  }

  /// What can be drawn; nothing where the list leaves it open.
  func templates() throws(CorpusError) -> [Template] {
    switch self {
    case .values(let values):
      var templates: [Template] = []
      for value in values { templates.append(try Template(value)) }
      return templates
    case .range(let from, let through, let step):
      return stride(from: from, through: through, by: step).map { .text(String($0)) }
    case .wildcard: return []
    }
  }
}
