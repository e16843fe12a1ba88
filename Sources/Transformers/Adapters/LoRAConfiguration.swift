// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Which linear maps an adapter changes, as PEFT's `adapter_config.json` says it.
public struct LinearSelection: Sendable, Equatable {
  /// Names, of which a map's must be one or end in one after a dot; or one regular expression for whole names.
  public var names: [String]
  /// Whether ``names`` holds a regular expression.
  public var isExpression = false
  /// Whether all maps but heads are changed, PEFT's `all-linear`.
  public var isAll = false
  /// Names of maps that are left as they are.
  public var excluded: [String] = []
  /// Layers whose maps are changed, counted from 0; nil for all.
  public var layers: [Int]?

  /// Maps whose name is one of these, or ends in one after a dot.
  public init(_ names: [String]) { self.names = names }

  /// Whether a map of this name, "encoder.layer.3.attention.self.query", is changed.
  ///
  /// - Throws: `TransformerError` for an expression that is none.
  func contains(_ name: String) throws -> Bool {
    if excluded.contains(where: { Self.isSuffix($0, of: name) }) { return false }
    if let layers {
      let parts = name.split(separator: ".")
      guard let layer = parts.lazy.compactMap({ Int($0) }).first, layers.contains(layer) else {
        return false
      }
    }
    if isAll { return true }
    guard isExpression else { return names.contains { Self.isSuffix($0, of: name) } }
    return try names.contains { try Self.matches(name, expression: $0) }
  }

  private static func isSuffix(_ target: String, of name: String) -> Bool {
    name == target || name.hasSuffix(".\(target)")
  }

  static func matches(_ name: String, expression: String) throws -> Bool {
    do {
      return try Regex(expression).wholeMatch(in: name) != nil
    } catch {
      throw TransformerError(
        .configuration, "'\(expression)' is not a regular expression that Koine understands")
    }
  }
}

/// Low-rank changes of linear maps (LoRA; Hu and others, 2022), as PEFT's `adapter_config.json` says it.
public struct LoRAConfiguration: Sendable, Equatable {
  /// Which maps are changed; queries and values by default, in the names of all families.
  public var selection = LinearSelection(["query", "value", "q_proj", "v_proj", "q", "v"])
  /// The change's rank.
  public var rank = 8
  /// The change is multiplied with this over the rank.
  public var alpha = 16.0
  /// Whether it is over the rank's root instead (rsLoRA; Kalajdzievski, 2023).
  public var scalesByRoot = false
  /// Dropout of the change's input in training.
  public var dropout = 0.0
  /// Other ranks for maps whose names fit an expression.
  public var ranks: [String: Double] = [:]
  /// Other alphas for maps whose names fit an expression.
  public var alphas: [String: Double] = [:]

  /// Rank 8, alpha 16, queries and values.
  public init() {}

  /// A map's rank and what its change is multiplied with.
  func scale(_ name: String) throws -> (rank: Int, scale: Double) {
    let rank = try Self.fitting(ranks, name) ?? Double(self.rank)
    let alpha = try Self.fitting(alphas, name) ?? alpha
    return (Int(rank), alpha / (scalesByRoot ? rank.squareRoot() : rank))
  }

  /// PEFT's rule: a key fits names that it is, or that end in it after a dot; it may be an expression.
  private static func fitting(_ table: [String: Double], _ name: String) throws -> Double? {
    for key in table.keys.sorted() {
      if try LinearSelection.matches(name, expression: "(.*\\.)?(\(key))$") { return table[key] }
    }
    return nil
  }
}
