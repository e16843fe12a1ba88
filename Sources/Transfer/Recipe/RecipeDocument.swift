// SPDX-License-Identifier: Apache-2.0

import Foundation
import Yams

/// A recipe as it stands in a file, with the places of its keys.
public struct RecipeDocument {
  private var root: Node
  private let path: String

  /// Parses YAML text; `path` is what errors call it.
  public init(text: String, path: String) throws {
    self.path = path
    do {
      guard let root = try Yams.compose(yaml: text), root.mapping != nil else {
        throw RecipeError(
          .syntax, "expected keys and values, beginning with 'recipe: \(Recipe.version)'",
          at: path)
      }
      self.root = root
    } catch let error as YamlError {
      throw RecipeError(.syntax, "not valid YAML: \(error)", at: path)
    }
  }

  /// Reads a file.
  public init(contentsOf url: URL) throws {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw RecipeError(.file, "there is no such recipe; expected a YAML file", at: url.path)
    }
    guard let data = try? Data(contentsOf: url), let text = String(data: data, encoding: .utf8)
    else {
      throw RecipeError(.file, "cannot be read as UTF-8 text", at: url.path)
    }
    try self.init(text: text, path: url.path)
  }

  /// Overrides one value, given as "tuning.layers=3".
  ///
  /// Numbers in the path lead into lists: "methods.0.center=none".
  public mutating func set(_ assignment: String) throws {
    guard let equals = assignment.firstIndex(of: "="), equals != assignment.startIndex else {
      throw RecipeError(
        .value, "expected KEY.PATH=VALUE, found '\(assignment)'", at: "--set")
    }
    let keys = assignment[..<equals].split(separator: ".").map(String.init)
    let text = String(assignment[assignment.index(after: equals)...])
    let value: Node
    do {
      value = try Yams.compose(yaml: text) ?? Node("", Tag(.str))
    } catch {
      throw RecipeError(.value, "'\(text)' is not a YAML value", at: "--set")
    }
    root = try Self.replacing(root, keys[...], with: value)
  }

  private static func replacing(
    _ node: Node, _ keys: ArraySlice<String>, with value: Node, name: String = "the recipe"
  ) throws -> Node {
    guard let key = keys.first else { return value }
    if Int(key) != nil, node.sequence == nil {
      throw RecipeError(
        .value,
        "'\(name)' is no list in this recipe, so it has no place \(key); write the list there first",
        at: "--set")
    }
    if var sequence = node.sequence {
      guard let index = Int(key), sequence.indices.contains(index) else {
        throw RecipeError(
          .value, "'\(key)' is not a place in a list of \(sequence.count)", at: "--set")
      }
      sequence[index] = try replacing(
        sequence[index], keys.dropFirst(), with: value, name: "\(name).\(key)")
      return .sequence(sequence)
    }
    var mapping: Node.Mapping
    if let found = node.mapping {
      mapping = found
    } else if let word = node.string, !word.isEmpty, word != "null", word != "~" {
      // "tuning: naive" is short for a section with that preset.
      guard name == "tuning" else {
        throw RecipeError(
          .value, "'\(key)' cannot be set below '\(name)', which is '\(word)' and no section",
          at: "--set")
      }
      mapping = Node.Mapping([(Node("preset"), node)])
    } else {
      mapping = Node.Mapping([])
    }
    let below = mapping[Node(key)] ?? Node.mapping(Node.Mapping([]))
    mapping[Node(key)] = try replacing(below, keys.dropFirst(), with: value, name: key)
    return .mapping(mapping)
  }

  /// Whether the recipe names a task, and is a ``TaskRecipe``.
  public var namesTask: Bool { root.mapping?["task"] != nil }

  /// The recipe, every default filled in.
  public func recipe() throws -> Recipe { try decoded() }

  /// The recipe of a task, every default filled in.
  public func taskRecipe() throws -> TaskRecipe { try decoded() }

  private func decoded<Content: Decodable>() throws -> Content {
    do {
      return try YAMLDecoder().decode(Content.self, from: root)
    } catch let error as FieldError {
      throw RecipeError(error.code, error.message, at: place(error.path))
    } catch let error as DecodingError {
      throw place(error)
    }
  }

  /// "intents.yaml:12" for the key that a path leads to, or for the nearest one above it.
  private func place(_ keys: [String]) -> String {
    var node = root
    var line = root.mark?.line
    for key in keys {
      if let sequence = node.sequence, let index = Self.index(key), index < sequence.count {
        node = sequence[index]
        line = node.mark?.line ?? line
      } else if let mapping = node.mapping,
        let pair = mapping.first(where: { $0.key.string == key })
      {
        line = pair.key.mark?.line ?? line
        node = pair.value
      } else {
        break
      }
    }
    return line.map { "\(path):\($0)" } ?? path
  }

  /// The index in a coding key such as "Index 2" or "2".
  private static func index(_ key: String) -> Int? {
    Int(key) ?? key.split(separator: " ").last.flatMap { Int($0) }
  }

  private func place(_ error: DecodingError) -> RecipeError {
    let (context, what): (DecodingError.Context, String) =
      switch error {
      case .typeMismatch(_, let context): (context, "has a value of the wrong kind")
      case .valueNotFound(_, let context): (context, "has no value")
      case .keyNotFound(let key, let context): (context, "lacks the key '\(key.stringValue)'")
      case .dataCorrupted(let context): (context, "cannot be read: \(context.debugDescription)")
      @unknown default:
        (DecodingError.Context(codingPath: [], debugDescription: ""), "cannot be read")
      }
    let keys = context.codingPath.map(\.stringValue)
    let name = keys.isEmpty ? "the recipe" : "'\(keys.joined(separator: "."))'"
    return RecipeError(.value, "\(name) \(what)", at: place(keys))
  }
}

extension Recipe {
  /// The recipe as YAML, all defaults written out; what is saved beside what it made.
  public func yaml() throws -> String { try RecipeDocument.yaml(self) }
}

extension TaskRecipe {
  /// The recipe as YAML, all defaults written out; what is saved beside what it made.
  public func yaml() throws -> String { try RecipeDocument.yaml(self) }
}

extension RecipeDocument {
  fileprivate static func yaml(_ recipe: some Encodable) throws -> String {
    let encoder = YAMLEncoder()
    encoder.options = .init(indent: 2, width: 100, sortKeys: false)
    return try encoder.encode(recipe)
  }
}
